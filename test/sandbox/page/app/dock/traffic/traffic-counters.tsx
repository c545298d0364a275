import { memo } from 'react';
import type { TrafficEntry } from '../../../wire.ts';
import { counted } from '../counted.ts';
import { countTraffic } from './traffic-words.ts';

/** How much there was of what. */
export const TrafficCounters = memo(function TrafficCounters({ entries }: { entries: readonly TrafficEntry[] }) {
  const { calls, envelopes, errors, slowestAck } = countTraffic(entries);
  return (
    <p className="traffic-counters">
      {counted(calls, 'call')} · {counted(envelopes, 'envelope')} ·{' '}
      <span className={errors > 0 ? 'traffic-counters-bad' : undefined}>{counted(errors, 'error')}</span>
      {slowestAck === undefined ? null : ` · slowest ack ${slowestAck.toLocaleString('en')} ms`}
    </p>
  );
});
