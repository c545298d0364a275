import type { MessageSlice } from '../../wire.ts';

/** Slack marks what people have edited; of an app's messages only those that are nothing but text. */
export function showsEdited({ edited, blocks, attachments }: MessageSlice, isApp: boolean): boolean {
  return edited && !(isApp && blocks.length + attachments.length > 0);
}
