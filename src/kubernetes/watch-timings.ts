import { BusyError } from './api-error.ts';
import type { Clock } from './clock.ts';

/** All in ms unless named otherwise. */
export interface WatchTimings {
  /** Pauses after failures: doubled from the first to the cap, of which a random half to all is waited. */
  backoffBase: number;
  backoffCap: number;
  /** Silence (no event, no bookmark) after which a watch is taken for dead. Bookmarks come about once a minute. */
  inactivity: number;
  /** A watch that lived so long has worked, even where nothing happened. */
  settled: number;
  /** How often an optional resource that may not be listed is tried again. */
  recheck: number;
  /** Between which seconds the API server is asked to end a watch, so that not all of them end together. */
  watchSeconds: readonly [number, number];
}

export const WATCH_TIMINGS: WatchTimings = {
  backoffBase: 500,
  backoffCap: 30_000,
  inactivity: 90_000,
  settled: 5_000,
  recheck: 300_000,
  watchSeconds: [300, 600],
};

/** ms to wait after so many failures in a row; longer where the API server asks for it. */
export function backoff(
  { backoffBase, backoffCap }: WatchTimings,
  clock: Clock,
  failures: number,
  error: unknown,
): number {
  const full = Math.min(backoffCap, backoffBase * 2 ** Math.min(failures - 1, 20));
  const asked = error instanceof BusyError ? Math.min(error.retryAfterMs, backoffCap) : 0;
  return Math.max(asked, full * (0.5 + clock.random() / 2));
}

/** Seconds that a watch is asked to last. */
export function watchSeconds({ watchSeconds: [least, most] }: WatchTimings, clock: Clock): number {
  return Math.round(least + clock.random() * (most - least));
}
