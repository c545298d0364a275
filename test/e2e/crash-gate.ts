/**
 * What a crash is made of. Everything that a process does to the world leaves through the lines of one gate, step by
 * step; the process dies as the chosen step is about to leave, so the steps before it have taken effect and no later one
 * ever does. Memory dies with the process, so “after a step was answered” and “before the next one leaves” are the same
 * world: crashing before each step, and after the last, is crashing between any two.
 */
export interface Gate {
  /** False where this step must not leave: the process is dying. */
  passes(step: string): boolean;
  readonly isShut: boolean;
  /** Steps that have left, in their order; a repeated one carries a number: `slack chat.update #2`. */
  readonly steps: readonly string[];
}

/** Whether to die before this step, the nth (from 0) of this process. */
export type CrashPoint = (step: string, n: number) => boolean;

export function createGate(isCrashPoint: CrashPoint, crash: () => void): Gate {
  const steps: string[] = [];
  const seen = new Map<string, number>();
  let isShut = false;
  return {
    steps,
    get isShut() {
      return isShut;
    },
    passes(name) {
      if (isShut) return false;
      const times = (seen.get(name) ?? 0) + 1;
      seen.set(name, times);
      const step = times === 1 ? name : `${name} #${times}`;
      isShut = isCrashPoint(step, steps.length);
      if (isShut) crash();
      else steps.push(step);
      return !isShut;
    },
  };
}

/** A place where a process connects instead of the real one. */
export interface Line {
  url: string;
  close(): Promise<void>;
}
