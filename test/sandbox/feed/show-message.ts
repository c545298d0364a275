import type { Message, User } from '../../support/slack/types.ts';
import { allBlocks, buttonLabel, buttonsOf, messageText } from '../../support/slack/visible.ts';
import { plainLines } from './plain-text.ts';
import type { Style } from './style.ts';

/** A message as it stands on the screen. */
export interface Shown {
  author: string;
  /** Where it is: `#ops`, or `bob and opsbot`. */
  place: string;
  inThread: boolean;
  /** The one person who sees it. */
  only: string | undefined;
  lines: string[];
}

export interface Place {
  place: string;
  only: string | undefined;
}

export function showMessage(message: Message, { place, only }: Place, users: Map<string, User>, style: Style): Shown {
  const buttons = buttonsOf(allBlocks(message)).map(({ element }) => `[${buttonLabel(element)}]`);
  const reactions = (message.reactions ?? []).map(({ name, users: ids }) => {
    const who = ids.map((id) => users.get(id)?.name ?? id).join(', ');
    return plainLines(`:${name}: ${who}`, style).join('');
  });
  return {
    author: users.get(message.user)?.name ?? message.user,
    place,
    inThread: message.thread_ts !== undefined && message.thread_ts !== message.ts,
    only,
    lines: [
      ...plainLines(messageText(withoutButtons(message), users), style),
      ...(buttons.length > 0 ? [style.bold(buttons.join(' '))] : []),
      ...reactions,
    ],
  };
}

/** They get a line of their own. */
function withoutButtons(message: Message): Message {
  const { blocks, ...rest } = message;
  return blocks === undefined ? message : { ...rest, blocks: blocks.filter(({ type }) => type !== 'actions') };
}
