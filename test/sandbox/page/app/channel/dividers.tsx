import './dividers.css';
import { dateOf, dayOf } from '../ui/time.ts';
import { repliesInWords } from './thread-words.ts';

/** Between two days; red where what is unread begins with the day. */
export function DayDivider({ ts, isNew }: { ts: string; isNew: boolean }) {
  return (
    <li className="divider" data-new={isNew}>
      <span className="divider-day">{dayOf(dateOf(ts))}</span>
      {isNew ? <span className="divider-new">New</span> : null}
    </li>
  );
}

/** Where what is unread begins. */
export function NewLine() {
  return (
    <li className="divider divider-thin" data-new="true">
      <span className="divider-new">New</span>
    </li>
  );
}

/** Below the root of a thread. */
export function RepliesDivider({ count }: { count: number }) {
  return (
    <li className="divider divider-replies">
      <span className="divider-count">{repliesInWords(count)}</span>
    </li>
  );
}
