import { ApiError } from '../api-error.ts';
import { react, unreact } from '../messages.ts';
import type { Channel, Message } from '../types.ts';
import { type Call, conversation, type Method, text } from './method.ts';

function target(call: Call): { channel: Channel; message: Message } {
  const channel = conversation(call);
  const message = channel.messages.get(text(call.args, 'timestamp'));
  if (!message) throw new ApiError('message_not_found');
  return { channel, message };
}

function emoji(call: Call): string {
  const name = text(call.args, 'name').replaceAll(':', '');
  if (!/^[\w+-]+$/.test(name)) throw new ApiError('invalid_name');
  return name;
}

const add: Method = {
  scope: 'reactions:write',
  tier: 50,
  run(call) {
    const { channel, message } = target(call);
    if (channel.is_archived) throw new ApiError('is_archived');
    if (react(call.world, channel, message, call.caller.user.id, emoji(call)) === false)
      throw new ApiError('already_reacted');
    return {};
  },
};

const removeReaction: Method = {
  scope: 'reactions:write',
  tier: 20,
  run(call) {
    const { channel, message } = target(call);
    if (unreact(call.world, channel, message, call.caller.user.id, emoji(call)) === false)
      throw new ApiError('no_reaction');
    return {};
  },
};

const get: Method = {
  scope: 'reactions:read',
  tier: 50,
  run(call) {
    const { channel, message } = target(call);
    return { type: 'message', channel: channel.id, message };
  },
};

export const reactionMethods: Record<string, Method> = {
  'reactions.add': add,
  'reactions.remove': removeReaction,
  'reactions.get': get,
};
