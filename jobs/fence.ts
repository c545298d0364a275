import type { Precondition } from '../src/actions/action.ts';
import type { Workload } from '../src/kubernetes/cluster.ts';

/**
 * What keeps a change from being applied twice. Before its patch an agent stores the target as it saw it (the *fence*);
 * the patch is conditional on exactly that resourceVersion and writes the request's marker together with the change.
 * From the fence and a fresh read it can then be told, at any later time, whether the patch was applied:
 *
 * - marker there → it was applied.
 * - marker absent, `metadata.generation` as it was → it was not applied. If the resourceVersion has moved on it never
 *   can be, so trying again from the fresh read is safe; if it has not, the same patch may be sent again.
 * - anything else → unknown, never a guess.
 *
 * A test on the old value alone would not do: if somebody sets it back, a second delivery applies again.
 */
export interface Fence {
  uid: string;
  resourceVersion: string;
  generation: number;
  /** ms since the epoch when it was stored, just before the patch was sent. */
  at: number;
}

export type Verdict =
  | { verdict: 'applied'; generation: number }
  /** Nothing was applied so far, and a patch conditional on the workload's present resourceVersion is safe to send. */
  | { verdict: 'open' }
  /** Nothing was applied and the cluster is not as planned. */
  | { verdict: 'drifted'; reason: string }
  | { verdict: 'unknown'; reason: string };

function drift(preconditions: readonly Precondition[], workload: Workload): string | undefined {
  for (const { field, equals } of preconditions) {
    const found = workload[field];
    if (found !== equals) return `${field} was ${equals} when this was planned and is ${found} now`;
  }
  return undefined;
}

/** Others may have changed the workload since: its generation is then later than the one that the patch made. */
function generationOfPatch(fence: Fence | undefined, workload: Workload): number {
  return fence ? Math.min(workload.generation, fence.generation + 1) : workload.generation;
}

/** `fence` is what was stored before an earlier attempt, if there was one. */
export function judge(
  plan: { target: { uid: string | undefined }; preconditions: readonly Precondition[] },
  marker: string,
  fence: Fence | undefined,
  workload: Workload,
): Verdict {
  if (workload.uid !== plan.target.uid) {
    const reason = 'the workload was deleted and created again under the same name';
    return fence ? { verdict: 'unknown', reason } : { verdict: 'drifted', reason };
  }
  if (workload.marker === marker) return { verdict: 'applied', generation: generationOfPatch(fence, workload) };
  if (fence && workload.generation !== fence.generation) {
    return { verdict: 'unknown', reason: 'the workload was changed by somebody else while this was being applied' };
  }
  const drifted = drift(plan.preconditions, workload);
  if (drifted) return { verdict: 'drifted', reason: drifted };
  return { verdict: 'open' };
}

/** The API server gives up on a request after a minute by default (`--request-timeout`); with a margin, in ms. */
const IN_FLIGHT_MS = 75_000;

/** True while a patch that was sent with this fence, and whose answer was lost, may still arrive and succeed. */
export function mayStillArrive(fence: Fence | undefined, workload: Workload, now: number): boolean {
  return fence !== undefined && fence.resourceVersion === workload.resourceVersion && now - fence.at < IN_FLIGHT_MS;
}
