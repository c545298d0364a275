import type { ClusterEvent } from './cluster.ts';
import { type RawEvent, timeOf } from './raw.ts';

/** Old reporters fill `count` and `lastTimestamp`, new ones `series` and `eventTime`. */
export function projectEvent(raw: RawEvent): ClusterEvent {
  const times = [raw.series?.lastObservedTime, raw.lastTimestamp, raw.eventTime, raw.metadata?.creationTimestamp];
  return {
    type: raw.type ?? '',
    reason: raw.reason ?? '',
    message: raw.message ?? '',
    count: raw.series?.count ?? raw.count ?? 1,
    lastSeen: times.map(timeOf).find((time) => time !== undefined) ?? 0,
  };
}
