/** Time, as the controllers and the kubelet see it. */
export interface Scheduler {
  /** ms since the epoch. */
  now(): number;
  /** Calls back once, after so many ms; returns the way to call it off. */
  after(ms: number, callback: () => void): () => void;
}

export const realScheduler: Scheduler = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

export interface ManualScheduler extends Scheduler {
  /** Lets so many ms pass, calling back in order whatever falls due, also what is scheduled on the way. */
  advance(ms: number): void;
}

/** Time that passes only when told to. */
export function createManualScheduler(start = Date.parse('2026-01-01T00:00:00Z')): ManualScheduler {
  let now = start;
  let pending: { at: number; callback: () => void }[] = [];

  const nextUntil = (limit: number) => {
    const due = pending.filter((timer) => timer.at <= limit);
    return due.reduce<(typeof due)[number] | undefined>(
      (first, timer) => (first === undefined || timer.at < first.at ? timer : first),
      undefined,
    );
  };

  return {
    now: () => now,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      pending.push(timer);
      return () => {
        pending = pending.filter((other) => other !== timer);
      };
    },
    advance(ms) {
      const limit = now + ms;
      for (let timer = nextUntil(limit); timer !== undefined; timer = nextUntil(limit)) {
        const due = timer;
        pending = pending.filter((other) => other !== due);
        now = Math.max(now, due.at);
        due.callback();
      }
      now = limit;
    },
  };
}

/** RFC 3339 with whole seconds, as Kubernetes writes times. */
export const timestamp = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+/, '');
