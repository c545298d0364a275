import { longTime } from '../../ui/time.ts';
import { formatDate } from './format-date.ts';

/** A moment as the reader's own calendar has it. */
export function DateTime({ seconds, format }: { seconds: number; format: string }) {
  const date = new Date(seconds * 1000);
  return (
    <time dateTime={date.toISOString()} title={longTime(date)}>
      {formatDate(seconds, format, { now: new Date() })}
    </time>
  );
}
