import type { Clock } from '../../src/kubernetes/clock.ts';

export interface FakeClock extends Clock {
  /** Moves both clocks on, calling back what falls due, and lets everything that follows from it settle. */
  advance(ms: number): Promise<void>;
  /** Time passes while nothing gets to run, as in a process that is stopped. */
  stall(ms: number): void;
  /** Moves only the wall clock. */
  setWall(ms: number): void;
}

export function createFakeClock(start = Date.parse('2026-01-01T00:00:00Z')): FakeClock {
  let monotonic = 0;
  let wallOffset = start;
  const timers = new Set<{ at: number; callback: () => void }>();
  const settle = async () => {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    now: () => wallOffset + monotonic,
    monotonic: () => monotonic,
    random: () => 0,
    after(ms, callback) {
      const timer = { at: monotonic + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    stall(ms) {
      monotonic += ms;
    },
    setWall(ms) {
      wallOffset = ms - monotonic;
    },
    async advance(ms) {
      await settle();
      const end = monotonic + ms;
      for (;;) {
        const next = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers.delete(next);
        monotonic = Math.max(monotonic, next.at);
        next.callback();
        await settle();
      }
      monotonic = end;
    },
  };
}
