import { UnavailableError } from '../errors.ts';
import type { Clock } from './clock.ts';

/** Nothing was heard for too long. */
export class SilenceError extends UnavailableError {}

export interface Watchdog {
  /** Aborts with the parent's, on silence, and when it is stopped. */
  signal: AbortSignal;
  /** A sign of life. */
  heard(): void;
  /** Ends what still runs with the signal. */
  stop(): void;
}

/** A connection whose other end has vanished looks like one on which nothing happens. */
export function createWatchdog(clock: Clock, silenceMs: number, parent: AbortSignal): Watchdog {
  const controller = new AbortController();
  const onAbort = () => controller.abort(parent.reason);
  const bite = () => {
    controller.abort(new SilenceError(`The API server has not said anything for ${Math.round(silenceMs / 1000)} s.`));
  };
  let cancel = clock.after(silenceMs, bite);
  parent.addEventListener('abort', onAbort);
  if (parent.aborted) onAbort();
  return {
    signal: controller.signal,
    heard() {
      cancel();
      cancel = clock.after(silenceMs, bite);
    },
    stop() {
      cancel();
      parent.removeEventListener('abort', onAbort);
      controller.abort();
    },
  };
}
