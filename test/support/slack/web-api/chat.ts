import { ApiError } from '../api-error.ts';
import { type Content, checkContent, checkSize, isEmptyContent, SHORT_TEXT_LIMIT, TEXT_LIMIT } from '../content.ts';
import { edit, post, postEphemeral, remove } from '../messages.ts';
import type { Channel, Json, Message } from '../types.ts';
import { type Call, conversation, flag, type Method, optionalText, structured, text } from './method.ts';

/** Content with its structured arguments parsed. */
function content({ args }: Call, limit: number): Content {
  return checkContent(
    {
      text: args.text,
      markdown_text: args.markdown_text,
      blocks: structured(args, 'blocks', 'invalid_blocks_format'),
      attachments: structured(args, 'attachments', 'invalid_attachments'),
      metadata: structured(args, 'metadata', 'invalid_metadata_format'),
    },
    limit,
  );
}

/** Where to post: an id, `#name`, or a person, which means the direct messages with them. */
function destination(call: Call): Channel {
  const { world, caller, args } = call;
  const id = text(args, 'channel');
  const user = world.state.users.get(id);
  if (user) {
    if (user.deleted) throw new ApiError('channel_not_found');
    return world.state.dmWith(id, caller.user.id);
  }
  const named = [...world.state.channels.values()].find((channel) => `#${channel.name}` === id);
  const channel = conversation({ ...call, args: { channel: named?.id ?? id } });
  if (channel.is_archived) throw new ApiError('is_archived');
  if (!channel.members.has(caller.user.id) && !caller.scopes.has('chat:write.public'))
    throw new ApiError('not_in_channel');
  return channel;
}

function thread(channel: Channel, args: Json): string | undefined {
  const ts = optionalText(args, 'thread_ts');
  if (ts !== undefined && !channel.messages.has(ts)) throw new ApiError('thread_not_found');
  return ts;
}

const known = (channel: Channel, ts: string): Message => {
  const message = channel.messages.get(ts);
  if (!message || message.subtype === 'tombstone') throw new ApiError('message_not_found');
  return message;
};

const postMessage: Method = {
  scope: 'chat:write',
  tier: Number.POSITIVE_INFINITY,
  run(call) {
    const channel = destination(call);
    const sent = content(call, TEXT_LIMIT);
    if (isEmptyContent(sent)) throw new ApiError('no_text');
    const root = thread(channel, call.args);
    const subtype = root !== undefined && flag(call.args, 'reply_broadcast') ? { subtype: 'thread_broadcast' } : {};
    const { message } = post(call.world, channel, call.caller.user, { ...sent, ...subtype, thread: root });
    return { channel: channel.id, ts: message.ts, message };
  },
};

/**
 * Previous blocks stay only where there is no new text either; previous attachments and metadata stay until they are
 * replaced, or emptied by `[]` (Slack's reference of chat.update).
 */
function withoutOldBlocks(change: Content): Content {
  return change.text !== undefined && change.blocks === undefined ? { ...change, blocks: [] } : change;
}

const update: Method = {
  scope: 'chat:write',
  tier: 50,
  run(call) {
    const { world, caller, args } = call;
    const channel = conversation(call);
    const message = known(channel, text(args, 'ts'));
    if (message.user !== caller.user.id) throw new ApiError('cant_update_message');
    if (channel.is_archived) throw new ApiError('is_archived');
    const change = withoutOldBlocks(content(call, SHORT_TEXT_LIMIT));
    if (isEmptyContent(change) && change.blocks === undefined && change.attachments === undefined)
      throw new ApiError('no_text');
    if (isEmptyContent({ ...message, ...change })) throw new ApiError('no_text');
    checkSize({ ...message, ...change });
    void edit(world, channel, message, caller.user, change);
    return { channel: channel.id, ts: message.ts, text: message.text, message };
  },
};

const deleteMessage: Method = {
  scope: 'chat:write',
  tier: 50,
  run(call) {
    const channel = conversation(call);
    const message = known(channel, text(call.args, 'ts'));
    if (message.user !== call.caller.user.id) throw new ApiError('cant_delete_message');
    remove(call.world, channel, message);
    return { channel: channel.id, ts: message.ts };
  },
};

const ephemeral: Method = {
  scope: 'chat:write',
  tier: 100,
  run(call) {
    const { world, caller, args } = call;
    const channel = conversation(call);
    if (channel.is_archived) throw new ApiError('is_archived');
    if (!channel.members.has(caller.user.id)) throw new ApiError('not_in_channel');
    const user = text(args, 'user');
    if (!channel.members.has(user)) throw new ApiError('user_not_in_channel');
    const sent = content(call, TEXT_LIMIT);
    if (isEmptyContent(sent)) throw new ApiError('no_text');
    const message = postEphemeral(world, channel, user, caller.user, { ...sent, thread: thread(channel, args) });
    return { message_ts: message.ts };
  },
};

const permalink: Method = {
  tier: 100,
  run(call) {
    const channel = conversation(call);
    const message = known(channel, text(call.args, 'message_ts'));
    const inThread = message.thread_ts ? `?thread_ts=${message.thread_ts}&cid=${channel.id}` : '';
    const path = `/archives/${channel.id}/p${message.ts.replace('.', '')}${inThread}`;
    return { channel: channel.id, permalink: `https://local.slack.com${path}` };
  },
};

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.delete': deleteMessage,
  'chat.postEphemeral': ephemeral,
  'chat.getPermalink': permalink,
};
