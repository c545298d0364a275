import type { StoredFile } from '../../support/slack/state.ts';
import type { Message, StateValues } from '../../support/slack/types.ts';
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

/** Where a message stands. */
export interface Standing {
  /** Id of its channel. */
  channel: string;
  ephemeral: boolean;
  /** In its thread, oldest first, where it is a root. */
  replies: readonly Message[];
}

/** A message as one person sees it. */
export function messageSlice(
  message: Message,
  { channel, ephemeral, replies }: Standing,
  reader: Reader,
): MessageSlice {
  const read = Number(reader.readUpTo(channel, message.ts));
  return {
    channel,
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
    entered: reader.entered(channel, message.ts),
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
