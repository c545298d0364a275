import { useSyncExternalStore } from 'react';
import { createListeners } from '../../listeners.ts';
import type { TrafficEntry } from '../wire.ts';

const KEPT = 1_000;
const listeners = createListeners();
let entries: readonly TrafficEntry[] = [];

/** Entries that are known already are not added again: a new connection brings the latest once more. */
export function takeTraffic(fresh: readonly TrafficEntry[]): void {
  const last = entries.at(-1)?.id ?? 0;
  const isAnother = (fresh.at(-1)?.id ?? last) < last;
  entries = [...(isAnother ? [] : entries), ...fresh.filter(({ id }) => isAnother || id > last)].slice(-KEPT);
  listeners.tell();
}

/** Oldest first. */
export const useTraffic = (): readonly TrafficEntry[] => useSyncExternalStore(listeners.add, () => entries);
