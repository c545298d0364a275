/** Time as the local Slack sees it: what expires, what is retried, what was not acked. */
export interface Clock {
  /** ms since the epoch. */
  now(): number;
  /** Calls once after `ms`; the answer cancels. */
  after(ms: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export interface ManualClock extends Clock {
  /** Moves time forward and makes due calls in their order, each after what the one before has set off. */
  advance(ms: number): Promise<void>;
}

/** Until all promises that are due have run. */
const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));

export function createManualClock(start = Date.now()): ManualClock {
  let now = start;
  let calls: { at: number; call: () => void }[] = [];
  return {
    now: () => now,
    after(ms, call) {
      const entry = { at: now + ms, call };
      calls.push(entry);
      return () => {
        calls = calls.filter((other) => other !== entry);
      };
    },
    async advance(ms) {
      await settled();
      const end = now + ms;
      for (;;) {
        const due = calls.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        calls = calls.filter((entry) => entry !== due);
        now = due.at;
        due.call();
        await settled();
      }
      now = end;
    },
  };
}
