import { setTimeout as delay } from 'node:timers/promises';
import type { Applied, Plan } from '../src/actions/action.ts';
import { ConflictError, NotFoundError, UnavailableError } from '../src/errors.ts';
import { type Cluster, WORKLOAD_KINDS, type Workload, type WorkloadKind, type WorkloadRef } from '../src/kubernetes/cluster.ts';
import { type Fence, judge } from './fence.ts';
import type { Journal } from './journal.ts';

/** It cannot be told whether the change was applied; a person has to look. */
export class UnknownOutcomeError extends Error {}

export interface ApplyDependencies {
  cluster: Cluster;
  journal: Journal;
  marker: string;
  /** ms since the epoch: no change is begun after that. */
  validUntil: number;
  now(): number;
  signal: AbortSignal;
}

/** How long an agent keeps asking a cluster that does not answer whether the change is there, and how often; ms. */
const FIND_OUT_FOR_MS = 10 * 60_000;
const RETRY_MS = 500;

function workloadOf(plan: Plan): WorkloadRef {
  const { kind, namespace, name } = plan.target;
  if (!(WORKLOAD_KINDS as readonly string[]).includes(kind)) throw new Error(`${kind} cannot be patched`);
  return { kind: kind as WorkloadKind, namespace, name };
}

/**
 * Applies a plan at most once, however often it runs for the same marker, in parallel too.
 * ConflictError: the cluster has drifted and nothing was applied. UnknownOutcomeError: it cannot be told.
 * UnavailableError: nothing was applied and the cluster does not answer.
 */
export function createApply({ cluster, journal, marker, validUntil, now, signal }: ApplyDependencies) {
  async function readTarget(ref: WorkloadRef, fence: Fence | undefined): Promise<Workload> {
    const giveUpAt = now() + FIND_OUT_FOR_MS;
    for (;;) {
      try {
        return await cluster.getWorkload(ref, { signal });
      } catch (error) {
        if (error instanceof NotFoundError) {
          if (fence) throw new UnknownOutcomeError('the workload is gone');
          throw new ConflictError('the workload is gone');
        }
        if (!(error instanceof UnavailableError) || signal.aborted) throw error;
        if (!fence && now() >= validUntil) throw error;
        if (fence && now() >= giveUpAt) throw new UnknownOutcomeError('the cluster does not answer');
        await delay(RETRY_MS, undefined, { signal });
      }
    }
  }

  /** Undefined where the patch did not come back as done: the next round finds out. */
  async function patch(ref: WorkloadRef, plan: Plan, fence: Fence): Promise<Workload | undefined> {
    try {
      const precondition = { resourceVersion: fence.resourceVersion, marker };
      return await cluster.patchWorkload(ref, plan.patch ?? {}, precondition, { signal });
    } catch (error) {
      if (error instanceof ConflictError || error instanceof UnavailableError) return undefined;
      throw error;
    }
  }

  function mustBeInTime(): void {
    if (now() < validUntil) return;
    throw new UnavailableError('The order ran out before it could be carried out; nothing was changed.', {
      advice: 'Ask again.',
    });
  }

  return async function apply(plan: Plan): Promise<Applied> {
    const ref = workloadOf(plan);
    for (;;) {
      const stored = await journal.fence();
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
      mustBeInTime();
      if (!(await journal.moveFence(stored, verdict.fence))) continue;
      const patched = await patch(ref, plan, verdict.fence);
      if (patched) return { generation: patched.generation };
    }
  };
}
