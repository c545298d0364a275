import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';

export interface Announcer {
  /** Something has changed. */
  changed(): void;
  subscribe(listener: () => void): () => void;
  stop(): void;
}

/** Tells listeners of changes: the first at once, further ones together after `intervalMs`. */
export function createAnnouncer(clock: Clock, intervalMs: number, logger: Logger): Announcer {
  const listeners = new Set<() => void>();
  let lastTold = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | undefined;

  const tell = () => {
    cancel = undefined;
    lastTold = clock.monotonic();
    for (const listener of listeners) {
      try {
        listener();
      } catch (err) {
        logger.error({ err }, 'a listener of the snapshot failed');
      }
    }
  };

  return {
    changed() {
      cancel ??= clock.after(Math.max(0, lastTold + intervalMs - clock.monotonic()), tell);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      cancel?.();
      cancel = undefined;
      listeners.clear();
    },
  };
}
