import type { MessageSlice } from './wire.ts';

/** A message for the tests of what is made of it. */
export const message = (ts: string, by: string, rest: Partial<MessageSlice> = {}): MessageSlice => ({
  channel: 'COPS',
  ts,
  thread: undefined,
  isBroadcast: false,
  by,
  text: '',
  blocks: [],
  attachments: [],
  files: [],
  reactions: [],
  replies: 0,
  latestReply: undefined,
  repliers: [],
  newReplies: 0,
  edited: false,
  deleted: false,
  ephemeral: false,
  entered: {},
  ...rest,
});
