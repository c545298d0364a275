import type { MessageSlice } from '../../wire.ts';
import { dateOf, dayOf } from '../ui/time.ts';

/** One line of a list of messages, from top to bottom. */
export type TimelineItem =
  /** Where a day begins; `isNew` where what is unread begins there, too. */
  | { kind: 'day'; ts: string; isNew: boolean }
  /** Where what is unread begins within a day. */
  | { kind: 'new'; ts: string }
  /** Between the root of a thread and what follows it. */
  | { kind: 'replies'; count: number }
  /** A compact one stands below another of its author and does not name them again. */
  | { kind: 'message'; message: MessageSlice; isCompact: boolean };

export interface TimelineOptions {
  me: string;
  /** Messages of others after that ts are new; undefined where nothing is to be marked. */
  newAfter: string | undefined;
  now?: Date;
}

/** seconds */
const RUN = 5 * 60;

export const byTime = (a: MessageSlice, b: MessageSlice) => Number(a.ts) - Number(b.ts);
/** In a thread, and not its root. */
export const isReply = ({ ts, thread }: MessageSlice) => thread !== undefined && thread !== ts;

/** ts of the newest; `0` where there is none. */
export const latestOf = (messages: readonly MessageSlice[]): string =>
  messages.reduce((latest, { ts }) => (Number(ts) > Number(latest) ? ts : latest), '0');

/** What stands in the channel itself: no replies but those that were sent to the channel, too. */
export const channelMessages = (messages: readonly MessageSlice[]): MessageSlice[] =>
  messages.filter((message) => !isReply(message) || message.isBroadcast).sort(byTime);

/** What follows the root of a thread. */
export const repliesOf = (messages: readonly MessageSlice[], root: string): MessageSlice[] =>
  messages.filter((message) => message.thread === root && isReply(message)).sort(byTime);

/** ts of what this person has said last and could still change. */
export const lastOwn = (messages: readonly MessageSlice[], me: string): string | undefined =>
  messages.findLast(({ by, deleted, ephemeral }) => by === me && !deleted && !ephemeral)?.ts;

/** Up to which ts the replies are read, where that many of others are not. */
export function readUpTo(replies: readonly MessageSlice[], { me, unread }: { me: string; unread: number }): string {
  const ofOthers = replies.filter(({ by, ephemeral }) => by !== me && !ephemeral);
  return ofOthers.at(-unread - 1)?.ts ?? '0';
}

/** Messages, which come in the order of time, with what stands between them. */
export function timelineOf(messages: readonly MessageSlice[], { me, newAfter, now }: TimelineOptions): TimelineItem[] {
  const firstNew = newAfter === undefined ? undefined : messages.find((one) => isNew(one, { me, newAfter }));
  return messages.flatMap((message, index) => {
    const before = messages[index - 1];
    const breaks = breakBefore(message, { before, isNew: message === firstNew, now });
    const isCompact = breaks.length === 0 && before !== undefined && isRun(before, message);
    return [...breaks, { kind: 'message' as const, message, isCompact }];
  });
}

/** A thread: days do not matter in it. */
export function threadTimeline(
  root: MessageSlice,
  replies: readonly MessageSlice[],
  options: TimelineOptions,
): TimelineItem[] {
  const below = timelineOf(replies, options).flatMap((item): TimelineItem[] => {
    if (item.kind !== 'day') return [item];
    return item.isNew ? [{ kind: 'new', ts: item.ts }] : [];
  });
  const between: TimelineItem[] = root.replies === 0 ? [] : [{ kind: 'replies', count: root.replies }];
  return [{ kind: 'message', message: root, isCompact: false }, ...between, ...below];
}

const isNew = ({ by, ts, ephemeral }: MessageSlice, { me, newAfter }: { me: string; newAfter: string }) =>
  by !== me && !ephemeral && Number(ts) > Number(newAfter);

interface BreakOptions {
  before: MessageSlice | undefined;
  isNew: boolean;
  now: Date | undefined;
}

function breakBefore({ ts }: MessageSlice, { before, isNew, now }: BreakOptions): TimelineItem[] {
  const day = (of: string) => dayOf(dateOf(of), now);
  if (before === undefined || day(before.ts) !== day(ts)) return [{ kind: 'day', ts, isNew }];
  return isNew ? [{ kind: 'new', ts }] : [];
}

/** Whether the second stands so close to the first that it needs no name of its own. */
function isRun(first: MessageSlice, second: MessageSlice): boolean {
  const isClose = first.by === second.by && Number(second.ts) - Number(first.ts) < RUN;
  return isClose && first.replies === 0 && [first, second].every(isPlain);
}

const isPlain = ({ ephemeral, deleted, isBroadcast, attachments }: MessageSlice) =>
  !ephemeral && !deleted && !isBroadcast && attachments.length === 0;
