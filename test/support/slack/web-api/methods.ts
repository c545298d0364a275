import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { fileMethods } from './files.ts';
import type { Method } from './method.ts';
import { reactionMethods } from './reactions.ts';
import { userMethods } from './users.ts';
import { viewMethods } from './views.ts';

/** Every method of the Web API that the local Slack knows, apart from apps.connections.open, which is the server's. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...chatMethods,
    ...conversationMethods,
    ...userMethods,
    ...viewMethods,
    ...reactionMethods,
    ...fileMethods,
  }),
);
