import { dateOf, dayOf, timeOf } from '../ui/time.ts';

const DAY_MS = 86_400_000;

export const repliesInWords = (count: number): string => `${count} ${count === 1 ? 'reply' : 'replies'}`;

/** `Last reply today at 3:12 PM`, `Last reply 4 days ago`. */
export function lastReply(ts: string, now = new Date()): string {
  const at = dateOf(ts);
  const day = dayOf(at, now);
  if (day === 'Today' || day === 'Yesterday') return `Last reply ${day.toLowerCase()} at ${timeOf(at)}`;
  return `Last reply ${Math.ceil((now.getTime() - at.getTime()) / DAY_MS)} days ago`;
}
