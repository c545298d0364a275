/** Up to which ts somebody has read a channel, or one thread in it. */
export interface ReadMarks {
  of(user: string, channel: string, thread?: string): string;
  /** Marks never go back. */
  mark(user: string, ts: string, channel: string, thread?: string): void;
}

const NEVER = '0';

export function createReadMarks(): ReadMarks {
  const marks = new Map<string, string>();
  const keyOf = (user: string, channel: string, thread = '') => `${user} ${channel} ${thread}`;
  const of: ReadMarks['of'] = (...place) => marks.get(keyOf(...place)) ?? NEVER;
  return {
    of,
    mark(user, ts, channel, thread) {
      if (Number(ts) > Number(of(user, channel, thread))) marks.set(keyOf(user, channel, thread), ts);
    },
  };
}
