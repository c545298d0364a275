import { ApiError } from '../api-error.ts';
import { threadOf } from '../state.ts';
import type { Channel, Json, Message } from '../types.ts';
import {
  type Call,
  conversation,
  conversationScope,
  flag,
  type Method,
  optionalText,
  page,
  requireScope,
  text,
} from './method.ts';

export function channelObject(channel: Channel, member: string): Json {
  const { messages: _messages, members, kind, ...shown } = channel;
  const shape = {
    ...shown,
    is_channel: kind === 'channel',
    is_group: kind === 'group',
    is_im: kind === 'im',
    is_mpim: false,
    is_private: kind !== 'channel',
    is_member: members.has(member),
    is_shared: channel.is_ext_shared,
    num_members: members.size,
  };
  return kind === 'im' ? { ...shape, user: [...members].find((other) => other !== member) } : shape;
}

function withoutMetadata(message: Message, args: Json): Message {
  if (flag(args, 'include_all_metadata')) return message;
  const { metadata: _metadata, ...rest } = message;
  return rest;
}

function within(messages: Message[], args: Json): Message[] {
  const oldest = optionalText(args, 'oldest');
  const latest = optionalText(args, 'latest');
  const inclusive = flag(args, 'inclusive');
  return messages.filter(({ ts }) => {
    const at = Number(ts);
    const early = oldest !== undefined && (at < Number(oldest) || (!inclusive && at === Number(oldest)));
    const late = latest !== undefined && (at > Number(latest) || (!inclusive && at === Number(latest)));
    return !early && !late;
  });
}

function readable(call: Call): Channel {
  const channel = conversation(call);
  conversationScope(call.caller, channel, 'history');
  if (!channel.members.has(call.caller.user.id)) throw new ApiError('not_in_channel');
  return channel;
}

const info: Method = {
  tier: 50,
  run(call) {
    const channel = conversation(call);
    conversationScope(call.caller, channel, 'read');
    return { channel: channelObject(channel, call.caller.user.id) };
  },
};

const members: Method = {
  tier: 100,
  run(call) {
    const channel = conversation(call);
    conversationScope(call.caller, channel, 'read');
    const { items, next } = page([...channel.members], call.args, 100, 1000);
    return { members: items, response_metadata: { next_cursor: next } };
  },
};

/** Replies stand in their thread alone, unless they were shown to all. */
const isInChannel = ({ ts, thread_ts, subtype }: Message) =>
  !thread_ts || thread_ts === ts || subtype === 'thread_broadcast';

const history: Method = {
  tier: 50,
  run(call) {
    const channel = readable(call);
    const roots = [...channel.messages.values()].filter(isInChannel);
    const { items, next } = page(within(roots, call.args).reverse(), call.args, 100, 999);
    return {
      messages: items.map((message) => withoutMetadata(message, call.args)),
      has_more: next !== '',
      ...(next ? { response_metadata: { next_cursor: next } } : {}),
    };
  },
};

const replies: Method = {
  tier: 50,
  run(call) {
    const channel = readable(call);
    const asked = channel.messages.get(text(call.args, 'ts'));
    if (!asked) throw new ApiError('thread_not_found');
    const [root, ...rest] = threadOf(channel, asked.thread_ts ?? asked.ts);
    const thread = root ? [root, ...within(rest, call.args)] : [];
    const { items, next } = page(thread, call.args, 1000, 1000);
    return {
      messages: items.map((message) => withoutMetadata(message, call.args)),
      has_more: next !== '',
      ...(next ? { response_metadata: { next_cursor: next } } : {}),
    };
  },
};

const open: Method = {
  scope: 'im:write',
  tier: 50,
  run({ world, caller, args }) {
    const users = (optionalText(args, 'users') ?? '').split(',').filter((id) => id !== '');
    const given = optionalText(args, 'channel');
    if (given === undefined && users.length === 0) throw new ApiError('users_list_not_supplied');
    if (given === undefined && users.length > 1) requireScope(caller, 'mpim:write');
    const user = world.state.users.get(users[0] ?? '');
    if (given === undefined && !user) throw new ApiError('user_not_found');
    if (user?.deleted) throw new ApiError('user_disabled');
    const channel =
      given === undefined ? world.state.dmWith(users[0] ?? '', caller.user.id) : world.state.channels.get(given);
    if (!channel?.members.has(caller.user.id)) throw new ApiError('channel_not_found');
    return { channel: flag(args, 'return_im') ? channelObject(channel, caller.user.id) : { id: channel.id } };
  },
};

const join: Method = {
  scope: 'channels:join',
  tier: 50,
  run(call) {
    const channel = conversation(call);
    if (channel.kind !== 'channel') throw new ApiError('method_not_supported_for_channel_type');
    if (channel.is_archived) throw new ApiError('is_archived');
    channel.members.add(call.caller.user.id);
    call.world.journal.changed();
    return { channel: channelObject(channel, call.caller.user.id) };
  },
};

const TYPES: Record<string, Channel['kind']> = { public_channel: 'channel', private_channel: 'group', im: 'im' };

const list: Method = {
  tier: 20,
  run({ world, caller, args }) {
    const kinds = (optionalText(args, 'types') ?? 'public_channel').split(',').map((type) => TYPES[type.trim()]);
    for (const kind of kinds) {
      if (kind) requireScope(caller, { channel: 'channels:read', group: 'groups:read', im: 'im:read' }[kind]);
    }
    const visible = [...world.state.channels.values()].filter(
      (channel) =>
        kinds.includes(channel.kind) &&
        (channel.kind === 'channel' || channel.members.has(caller.user.id)) &&
        !(flag(args, 'exclude_archived') && channel.is_archived),
    );
    const { items, next } = page(visible, args, 100, 1000);
    return {
      channels: items.map((channel) => channelObject(channel, caller.user.id)),
      response_metadata: { next_cursor: next },
    };
  },
};

export const conversationMethods: Record<string, Method> = {
  'conversations.info': info,
  'conversations.members': members,
  'conversations.history': history,
  'conversations.replies': replies,
  'conversations.open': open,
  'conversations.join': join,
  'conversations.list': list,
};
