import type { Json } from './types.ts';

/** How a call goes wrong although the app did nothing wrong. */
export type FaultKind =
  /** 429; `retryAfter` in seconds. */
  | { kind: 'ratelimited'; retryAfter: number }
  | { kind: 'error500' }
  /** No answer at all; nothing is done. */
  | { kind: 'hang' }
  /** The work is done and the connection cut before the answer. */
  | { kind: 'lose-answer' }
  /** The connection is cut before anything is done. */
  | { kind: 'lose-question' }
  /** `{ok: false, error}`. */
  | { kind: 'error'; error: string };

export type Fault = FaultKind & {
  /** Every method where it is left out. */
  method?: string;
  /** Default 1; `Infinity` until `clearFaults`. */
  times?: number;
  match?(args: Json): boolean;
};

export interface Faults {
  add(fault: Fault): void;
  /** The fault that this call runs into; it counts. */
  take(method: string, args: Json): Fault | undefined;
  clear(): void;
}

export function createFaults(): Faults {
  let pending: { fault: Fault; left: number }[] = [];
  return {
    add(fault) {
      pending.push({ fault, left: fault.times ?? 1 });
    },
    take(method, args) {
      const found = pending.find(({ fault }) => (fault.method ?? method) === method && (fault.match?.(args) ?? true));
      if (!found) return undefined;
      found.left -= 1;
      if (found.left <= 0) pending = pending.filter((other) => other !== found);
      return found.fault;
    },
    clear() {
      pending = [];
    },
  };
}
