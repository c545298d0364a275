import './traffic-panel.css';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { TrafficEntry } from '../../../wire.ts';
import { useTraffic } from '../../traffic-store.ts';
import { EVERYTHING, filterTraffic } from './filter-traffic.ts';
import { TrafficCounters } from './traffic-counters.tsx';
import { TrafficDetail } from './traffic-detail.tsx';
import { TrafficList } from './traffic-list.tsx';
import { TrafficTools } from './traffic-tools.tsx';

/** What goes over the wire between Slack and opsbot. */
export function TrafficPanel() {
  // In a storm only what is newest is drawn, not each step on the way there.
  const entries = useDeferredValue(useTraffic());
  const [filter, setFilter] = useState(EVERYTHING);
  const [opened, setOpened] = useState<TrafficEntry>();
  const shown = useMemo(() => filterTraffic(entries, filter), [entries, filter]);
  const frame = useRef<HTMLDivElement>(null);

  const left = useRef<number>(undefined);

  // Back to where one came from; the row may be gone by now.
  useEffect(() => {
    if (opened === undefined && left.current !== undefined) {
      const row = frame.current?.querySelector<HTMLElement>(`[data-entry="${left.current}"]`);
      (row ?? frame.current?.querySelector('input'))?.focus();
    }
    left.current = opened?.id;
  }, [opened]);

  return (
    <div className="traffic" ref={frame}>
      <div className="traffic-main" inert={opened !== undefined}>
        <div className="traffic-head">
          <TrafficTools filter={filter} onFilter={setFilter} />
          <TrafficCounters entries={entries} />
        </div>
        {shown.length === 0 ? (
          <p className="traffic-note">{entries.length === 0 ? NOTHING_YET : 'Nothing matches the filter.'}</p>
        ) : (
          <TrafficList entries={shown} onOpen={setOpened} />
        )}
      </div>
      {opened ? <TrafficDetail entry={opened} onBack={() => setOpened(undefined)} /> : null}
    </div>
  );
}

const NOTHING_YET = 'Nothing yet. Do something in Slack, and see here what opsbot is sent and what it calls.';
