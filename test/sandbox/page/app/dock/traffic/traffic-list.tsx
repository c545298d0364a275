import './traffic-list.css';
import { type KeyboardEvent, memo, useCallback, useState } from 'react';
import type { TrafficEntry } from '../../../wire.ts';
import { stepTo } from './step-to.ts';
import { TrafficRow } from './traffic-row.tsx';
import { useNewest } from './use-newest.ts';

const SHOWN = 300;

export interface TrafficListProps {
  /** Oldest first. */
  entries: readonly TrafficEntry[];
  onOpen(entry: TrafficEntry): void;
}

/** The newest entries, the very newest at the end. */
export const TrafficList = memo(function TrafficList({ entries, onOpen }: TrafficListProps) {
  const shown = entries.slice(-SHOWN);
  const earlier = entries.length - shown.length;
  const { ref, isAtEnd, onScroll, toEnd } = useNewest(entries);
  const [chosen, setChosen] = useState<number>();
  const reached = shown.some(({ id }) => id === chosen) ? chosen : shown.at(-1)?.id;

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const from = shown.findIndex(({ id }) => id === reached);
    const to = shown[stepTo(event.key, from, shown.length) ?? -1];
    if (!to) return;
    event.preventDefault();
    setChosen(to.id);
    ref.current?.querySelector<HTMLElement>(`[data-entry="${to.id}"]`)?.focus();
  }

  const open = useCallback(
    (entry: TrafficEntry) => {
      setChosen(entry.id);
      onOpen(entry);
    },
    [onOpen],
  );

  return (
    <div className="traffic-frame">
      <div className="traffic-scroll" ref={ref} onScroll={onScroll}>
        {earlier > 0 ? (
          <p className="traffic-note">
            {earlier.toLocaleString('en')} earlier ones are not shown. Filter to find them.
          </p>
        ) : null}
        <ol className="traffic-list" onKeyDown={onKeyDown}>
          {shown.map((entry) => (
            <TrafficRow key={entry.id} entry={entry} isReached={entry.id === reached} onOpen={open} />
          ))}
        </ol>
      </div>
      {isAtEnd ? null : (
        <button type="button" className="traffic-newest" onClick={toEnd}>
          ↓ Newest
        </button>
      )}
    </div>
  );
});
