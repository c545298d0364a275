import { type Clock, pause } from './kubernetes/clock.ts';

export interface Rounds {
  /** Begins the next round now, or as soon as the last one is long enough ago. */
  hurry(): void;
  /** Round after round, until the signal aborts. To be called once. */
  run(signal: AbortSignal): Promise<void>;
}

/** ms between two rounds, however often somebody hurries. */
const SOONEST = 5_000;

/** `round` gives the ms until the next one. */
export function createRounds(round: (signal: AbortSignal) => Promise<number>, clock: Clock): Rounds {
  let hurrying = new AbortController();
  return {
    hurry: () => hurrying.abort(),
    async run(signal) {
      while (!signal.aborted) {
        hurrying = new AbortController();
        const rest = await round(signal);
        await pause(clock, Math.min(SOONEST, rest), signal);
        await pause(clock, rest - SOONEST, AbortSignal.any([signal, hurrying.signal]));
      }
    },
  };
}
