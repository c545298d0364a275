import { setTimeout as delay } from 'node:timers/promises';
import type { Applied, Plan } from '../src/actions/action.ts';
import { ConflictError, NotFoundError, UnavailableError } from '../src/errors.ts';
import {
  type Cluster,
  WORKLOAD_KINDS,
  type Workload,
  type WorkloadKind,
  type WorkloadRef,
} from '../src/kubernetes/cluster.ts';
import { type Fence, judge, mayStillArrive } from './fence.ts';
import type { Journal } from './journal.ts';

/** The order's time ran out before anything was changed, or a later attempt at it has taken over. */
export class OrderLapsedError extends Error {}

/** It cannot be told whether the change was applied; a person has to look. */
export class UnknownOutcomeError extends Error {}

export interface ApplyDependencies {
  cluster: Cluster;
  journal: Journal;
  marker: string;
  /** ms since the epoch: no change is begun after that. */
  validUntil: number;
  /** Rejects where no change may be begun. One that was begun before is seen through to its end. */
  requireRights(): Promise<void>;
  /** Told why the change is not made, once it has been tried for a while; more than once, with the same error or another. */
  onHindrance?(error: UnavailableError): void;
  now(): number;
  signal: AbortSignal;
  /** Resolves after `ms`, rejects when the signal aborts. Default: a timer. */
  wait?(ms: number, signal: AbortSignal): Promise<void>;
}

/** How long an agent keeps asking a cluster that does not answer whether the change is there, and how often; ms. */
const FIND_OUT_FOR_MS = 10 * 60_000;
const RETRY_MS = 500;
/** A hindrance that passes sooner than this, in ms, need not be told. */
const TELL_AFTER_MS = 3_000;

const pauseFor = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal });

function workloadOf(plan: Plan): WorkloadRef {
  const { kind, namespace, name } = plan.target;
  if (!(WORKLOAD_KINDS as readonly string[]).includes(kind)) throw new Error(`${kind} cannot be patched`);
  return { kind: kind as WorkloadKind, namespace, name };
}

/**
 * Applies a plan at most once, however often it runs for the same marker, in parallel too.
 * ConflictError: the cluster has drifted and nothing was applied. UnknownOutcomeError: it cannot be told.
 * OrderLapsedError, UnavailableError, and what `requireRights` rejects with: nothing was applied.
 */
export function createApply(deps: ApplyDependencies) {
  const { cluster, journal, marker, validUntil, now, signal, wait = pauseFor } = deps;
  /** Why the last patch was not taken, where the cluster could not say yes or no. */
  let hindrance: UnavailableError | undefined;
  const startedAt = now();

  function tell(error: unknown): void {
    const isWorthIt = now() - startedAt >= TELL_AFTER_MS;
    if (isWorthIt && error instanceof UnavailableError) deps.onHindrance?.(error);
  }

  /** What a failed look means where nothing can be said for certain; a look that is worth repeating returns. */
  function weigh(error: unknown, fence: Fence | undefined, giveUpAt: number): void {
    if (signal.aborted) throw error;
    if (fence) {
      weighAfterPatch(error, giveUpAt);
      return;
    }
    if (error instanceof NotFoundError) throw new ConflictError('the workload is gone');
    if (!(error instanceof UnavailableError) || now() >= validUntil) throw error;
  }

  /** A patch may have been sent by then: that opsbot cannot look any more does not mean that nothing was changed. */
  function weighAfterPatch(error: unknown, giveUpAt: number): void {
    if (error instanceof NotFoundError) throw new UnknownOutcomeError('the workload is gone');
    if (!(error instanceof UnavailableError)) {
      throw new UnknownOutcomeError('the cluster does not let opsbot look', { cause: error });
    }
    if (now() >= giveUpAt) throw new UnknownOutcomeError('the cluster does not answer');
  }

  async function readTarget(ref: WorkloadRef, fence: Fence | undefined): Promise<Workload> {
    const giveUpAt = now() + FIND_OUT_FOR_MS;
    for (;;) {
      try {
        return await cluster.getWorkload(ref, { signal });
      } catch (error) {
        weigh(error, fence, giveUpAt);
        tell(error);
      }
      await wait(RETRY_MS, signal);
    }
  }

  /** Without the journal nothing can be said about what was done: it is waited for, as is Redis by everything else here. */
  async function noted<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        await pause(error);
      }
    }
  }

  /** False too where the journal did not answer: the next round finds out what it has. */
  async function moveFence(previous: Fence | undefined, next: Fence): Promise<boolean> {
    const moved = await journal.moveFence(previous, next).catch(pause);
    if (moved === 'overtaken') throw new OrderLapsedError();
    return moved === 'moved';
  }

  async function pause(error: unknown): Promise<void> {
    if (signal.aborted) throw error;
    await wait(RETRY_MS, signal);
  }

  /** Undefined where the patch did not come back as done: the next round finds out. */
  async function patch(ref: WorkloadRef, plan: Plan, fence: Fence): Promise<Applied | undefined> {
    try {
      const precondition = { resourceVersion: fence.resourceVersion, marker };
      const { generation } = await cluster.patchWorkload(ref, plan.patch ?? {}, precondition, { signal });
      return { generation };
    } catch (error) {
      if (error instanceof ConflictError) return undefined;
      if (!(error instanceof UnavailableError)) throw error;
      hindrance = error;
      tell(error);
      await pause(error);
      return undefined;
    }
  }

  function fenceOf({ uid, resourceVersion, generation }: Workload): Fence {
    return { uid, resourceVersion, generation, at: now() };
  }

  /** One look and, where it is safe, one attempt. Undefined: look again. */
  async function attempt(ref: WorkloadRef, plan: Plan): Promise<Applied | undefined> {
    const stored = await noted(journal.fence);
    if (!stored) await deps.requireRights();
    const workload = await readTarget(ref, stored);
    const verdict = judge(plan, marker, stored, workload);
    switch (verdict.verdict) {
      case 'applied':
        return { generation: verdict.generation };
      case 'drifted':
        throw new ConflictError(verdict.reason);
      case 'unknown':
        throw new UnknownOutcomeError(verdict.reason);
    }
    if (now() >= validUntil) {
      if (!mayStillArrive(stored, workload, now())) throw hindrance ?? new OrderLapsedError();
      await wait(RETRY_MS, signal);
      return undefined;
    }
    const fence = fenceOf(workload);
    if (!(await moveFence(stored, fence))) return undefined;
    return patch(ref, plan, fence);
  }

  return async function apply(plan: Plan): Promise<Applied> {
    const ref = workloadOf(plan);
    await noted(journal.takeOver);
    for (;;) {
      const applied = await attempt(ref, plan);
      if (applied) return applied;
    }
  };
}
