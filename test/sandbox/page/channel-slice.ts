import type { Channel, Message } from '../../support/slack/types.ts';
import type { ChannelSlice } from './wire.ts';

/** A reply that is shown in the channel too. */
const BROADCAST = 'thread_broadcast';
/** What is left of a deleted message that has replies. */
const TOMBSTONE = 'tombstone';

/** A channel in the sidebar of one person; `readUpTo` is a ts. */
export function channelSlice(
  channel: Channel,
  user: string,
  readUpTo: (channel: string, thread?: string) => string,
): ChannelSlice {
  const { id, name, messages } = channel;
  const isDirect = channel.kind === 'im';
  const lastRead = readUpTo(id);
  const isNew = ({ user: by, ts, thread_ts: thread, subtype }: Message) => {
    const places = isReply(ts, thread) ? [readUpTo(id, thread)] : [lastRead];
    // It stands in both places.
    if (subtype === BROADCAST) places.push(lastRead);
    return by !== user && subtype !== TOMBSTONE && places.every((read) => Number(ts) > Number(read));
  };
  const unread = [...messages.values()].filter(isNew);
  const shown = unread.filter(({ ts, thread_ts, subtype }) => !isReply(ts, thread_ts) || subtype === BROADCAST);
  const mine = unread.filter((message) => isDirect || names(message, user));
  return {
    id,
    name,
    kind: isDirect ? 'im' : 'channel',
    with: isDirect ? [...channel.members].find((other) => other !== user) : undefined,
    unread: shown.length,
    mentions: mine.length,
    lastRead,
  };
}

const isReply = (ts: string, thread: string | undefined) => thread !== undefined && thread !== ts;

const names = ({ text, blocks, attachments }: Message, user: string) =>
  `${text}${JSON.stringify([blocks, attachments])}`.includes(`<@${user}>`);
