import type { UnavailableError } from '../src/errors.ts';

/** So many in a row that cannot be shown now: then it is not them, but Slack. */
const OUTAGE = 3;
/** So long others go before one that could not be shown, in ms. */
const PAUSE_MS = 5_000;

/** What could not be shown in one run through a channel: Slack may be away, or stumble over this one message for ever. */
export interface Setbacks {
  /** Those that are not to be tried again yet. */
  waiting(): ReadonlySet<string>;
  /** How a try ended; undefined: well. */
  noted(id: string, failure: UnavailableError | undefined): void;
  isOutage(): boolean;
  /** Of one that still cannot be shown. */
  failure(): UnavailableError | undefined;
}

export function createSetbacks(now: () => number): Setbacks {
  const failed = new Map<string, { failure: UnavailableError; until: number }>();
  let inARow = 0;
  return {
    waiting: () => new Set([...failed].filter(([, { until }]) => until > now()).map(([id]) => id)),
    noted(id, failure) {
      inARow = failure ? inARow + 1 : 0;
      if (failure) failed.set(id, { failure, until: now() + PAUSE_MS });
      else failed.delete(id);
    },
    isOutage: () => inARow >= OUTAGE,
    failure: () => failed.values().next().value?.failure,
  };
}
