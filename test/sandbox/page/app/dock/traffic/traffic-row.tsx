import './traffic-row.css';
import { memo } from 'react';
import type { TrafficEntry } from '../../../wire.ts';
import { timeWithSeconds } from '../../ui/time.ts';
import { isEnvelope } from './filter-traffic.ts';
import { paceOf, timing } from './traffic-words.ts';

/** Which way it went, for eyes and for ears. */
export const Direction = ({ entry }: { entry: TrafficEntry }) => (
  <>
    <span className={isEnvelope(entry) ? 'traffic-arrow traffic-arrow-in' : 'traffic-arrow'} aria-hidden="true">
      {isEnvelope(entry) ? '→' : '←'}
    </span>
    <span className="visually-hidden">{isEnvelope(entry) ? 'To opsbot: ' : 'To Slack: '}</span>
  </>
);

export const Timing = ({ entry }: { entry: TrafficEntry }) => (
  <span className={`traffic-ms traffic-ms-${paceOf(entry)}`}>{timing(entry)}</span>
);

export const ErrorWord = ({ error }: { error: string | undefined }) =>
  error === undefined ? null : (
    <span className="traffic-error">
      <span aria-hidden="true">✕ </span>
      <span className="visually-hidden">error: </span>
      {error}
    </span>
  );

export interface TrafficRowProps {
  entry: TrafficEntry;
  /** Only one row is reached by Tab; arrow keys go to the others. */
  isReached: boolean;
  onOpen(entry: TrafficEntry): void;
}

/** One entry; pressing it opens its payload. */
export const TrafficRow = memo(function TrafficRow({ entry, isReached, onOpen }: TrafficRowProps) {
  const { id, at, name, about, error } = entry;
  return (
    <li>
      <button
        type="button"
        className={error === undefined ? 'traffic-row' : 'traffic-row traffic-row-bad'}
        data-entry={id}
        tabIndex={isReached ? 0 : -1}
        onClick={() => onOpen(entry)}
      >
        <span className="traffic-line">
          <Direction entry={entry} />
          <span className="traffic-name">{name}</span> <Timing entry={entry} />
        </span>
        <span className="traffic-line traffic-line-soft">
          <time dateTime={new Date(at).toISOString()}>{timeWithSeconds(new Date(at))}</time>{' '}
          <span className="traffic-about">{about}</span>
        </span>
        <ErrorWord error={error} />
      </button>
    </li>
  );
});
