import type { TrafficEntry } from '../../../wire.ts';
import { isEnvelope } from './filter-traffic.ts';

/** ms */
const SLOW = 1_000;
/** Slack gives up waiting for an ack after that. */
const TOO_SLOW = 3_000;

export type Pace = 'fine' | 'slow' | 'bad';

/** How worried one should be about it. */
export function paceOf({ ms, error }: Pick<TrafficEntry, 'ms' | 'error'>): Pace {
  if (error !== undefined || ms > TOO_SLOW) return 'bad';
  return ms > SLOW ? 'slow' : 'fine';
}

/** `12 ms`, `acked in 1,204 ms`; nothing where it got no answer at all. */
export function timing(entry: Pick<TrafficEntry, 'kind' | 'ms' | 'error'>): string {
  const took = `${entry.ms.toLocaleString('en')} ms`;
  if (!isEnvelope(entry)) return took;
  if (entry.error === undefined) return `acked in ${took}`;
  return entry.ms > 0 ? `gave up after ${took}` : '';
}

export interface TrafficCount {
  calls: number;
  envelopes: number;
  errors: number;
  /** ms; undefined while nothing was acked. */
  slowestAck: number | undefined;
}

export function countTraffic(entries: readonly TrafficEntry[]): TrafficCount {
  const envelopes = entries.filter(isEnvelope);
  const acks = envelopes.flatMap(({ error, ms }) => (error === undefined ? [ms] : []));
  return {
    calls: entries.length - envelopes.length,
    envelopes: envelopes.length,
    errors: entries.filter(({ error }) => error !== undefined).length,
    slowestAck: acks.length === 0 ? undefined : Math.max(...acks),
  };
}

/** The headings of what was sent and of what came back. */
export function headingsOf(entry: Pick<TrafficEntry, 'kind'>): { sent: string; answer: string } {
  return isEnvelope(entry)
    ? { sent: 'Slack sent', answer: 'opsbot acked with' }
    : { sent: 'opsbot sent', answer: 'Slack answered' };
}
