import type { MessageSlice } from '../../wire.ts';
import { byTime, isReply } from './timeline.ts';

export interface AnnouncedOptions {
  me: string;
  /** Only what has come after that ts. */
  after: string;
  /** ts of the root of the thread that is open. */
  thread: string | undefined;
}

/** So many at once are heard to the end. */
const MOST = 5;

/**
 * The newest messages of others, oldest first, that who does not see the page has to be told of: in the channel, in the
 * thread that is open, and in threads that this person has begun.
 */
export function announced(messages: readonly MessageSlice[], { me, after, thread }: AnnouncedOptions): MessageSlice[] {
  const own = new Set(messages.flatMap(({ by, ts }) => (by === me ? [ts] : [])));
  const isHeard = (message: MessageSlice) =>
    !isReply(message) || message.isBroadcast || message.thread === thread || own.has(message.thread ?? '');
  return messages
    .filter(
      (message) => message.by !== me && !message.deleted && Number(message.ts) > Number(after) && isHeard(message),
    )
    .sort(byTime)
    .slice(-MOST);
}

/** Who says it and to whom, in a few words. */
export function announcement(message: MessageSlice, { name, words }: { name: string; words: string }): string {
  if (message.ephemeral) return `${name}, only visible to you: ${words}`;
  return isReply(message) ? `${name} replied: ${words}` : `${name}: ${words}`;
}
