/** What detecting needs to know of time; all in ms since the epoch, but `pendingMs`. */
export interface DetectOptions {
  now: number;
  /** How long a pod may wait for a node, in ms. */
  pendingMs: number;
  /** When the agent that asks began to tell findings. */
  watchingSince: number;
  /** When anybody first told findings of the cluster. */
  firstWatched: number;
  /** Until when another had told before; undefined: nobody ever had. */
  watchedUntil: number | undefined;
}

/** How long what is over already is still told, in ms. */
const TOLD_FOR_MS = 60 * 60_000;

/**
 * Whether something that happened `at`, and is over, is still told, `forMs` long. What happened while nobody watched counts from when
 * somebody watched again, so that the first complete picture after a pause tells it.
 */
export function isTold(
  at: number,
  { now, watchingSince, watchedUntil }: DetectOptions,
  forMs: number = TOLD_FOR_MS,
): boolean {
  const wasMissed = watchedUntil !== undefined && at > watchedUntil;
  return now < (wasMissed ? Math.max(at, watchingSince) : at) + forMs;
}
