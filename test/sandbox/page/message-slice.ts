import { type StoredFile, threadOf } from '../../support/slack/state.ts';
import type { Channel, Message, StateValues } from '../../support/slack/types.ts';
import type { FileSlice, MessageSlice } from './wire.ts';

/** characters */
const PREVIEW = 8_000;

export interface Reader {
  user: string;
  files: ReadonlyMap<string, StoredFile>;
  /** What this person has entered on that message. */
  entered(channel: string, ts: string): StateValues;
  /** The ts up to which they have read that thread. */
  readUpTo(channel: string, thread: string): string;
}

/** A message as one person sees it. */
export function messageSlice(channel: Channel, message: Message, ephemeral: boolean, reader: Reader): MessageSlice {
  const isRoot = message.thread_ts === undefined || message.thread_ts === message.ts;
  const replies = isRoot && !ephemeral ? threadOf(channel, message.ts).slice(1) : [];
  const read = Number(reader.readUpTo(channel.id, message.ts));
  return {
    channel: channel.id,
    ts: message.ts,
    thread: message.thread_ts,
    isBroadcast: message.subtype === 'thread_broadcast',
    by: message.user,
    text: message.text,
    blocks: message.blocks ?? [],
    attachments: message.attachments ?? [],
    files: (message.files ?? []).flatMap(({ id }) => fileSlice(reader.files.get(String(id)))),
    reactions: message.reactions ?? [],
    replies: replies.length,
    latestReply: replies.at(-1)?.ts,
    repliers: [...new Set(replies.map(({ user }) => user))],
    newReplies: replies.filter(({ user, ts }) => user !== reader.user && Number(ts) > read).length,
    edited: message.edited !== undefined,
    deleted: message.subtype === 'tombstone',
    ephemeral,
    entered: reader.entered(channel.id, message.ts),
  };
}

function fileSlice(file: StoredFile | undefined): FileSlice[] {
  if (!file) return [];
  const { id, name, title, size } = file;
  const content = file.content.toString('utf8');
  const preview = content.slice(0, PREVIEW);
  const lines = content.replace(/\n$/, '').split('\n').length;
  return [{ id, name, title, size, lines, preview, isWhole: preview.length === content.length }];
}
