/** Slack's ts → a moment. */
export const dateOf = (ts: string): Date => new Date(Number(ts) * 1000);

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const clockWithSeconds = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit', second: '2-digit' });
const long = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', month: 'long', day: 'numeric' });

export const timeOf = (date: Date): string => clock.format(date);
export const timeWithSeconds = (date: Date): string => clockWithSeconds.format(date);
export const longTime = (date: Date): string => long.format(date);

/** `Today`, `Yesterday`, or the day's name and date. */
export function dayOf(date: Date, now = new Date()): string {
  const midnight = (of: Date) => new Date(of.getFullYear(), of.getMonth(), of.getDate()).getTime();
  const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
  if (days === 0) return 'Today';
  return days === 1 ? 'Yesterday' : day.format(date);
}
