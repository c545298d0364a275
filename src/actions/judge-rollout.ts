import type { Workload } from '../kubernetes/cluster.ts';
import type { Progress } from './action.ts';
import { plural } from './workload-words.ts';

/** The value that a change has set; where it is no longer there, something else has replaced the change. */
export type Goal = { action: 'scale'; replicas: number } | { action: 'restart'; restartedAt: string };

/** What was written: to which object, and the generation that it then had. */
export interface Written {
  uid: string | undefined;
  generation: number;
}

/**
 * How far a rollout is. `steps` only grows while it gets on: pods that were updated, became available, or went away.
 * `stuck` is the Deployment controller's own verdict.
 */
export type Stand =
  | { state: 'rolling'; progress: Progress; steps: number; observed: boolean }
  | { state: 'stuck'; progress: Progress; steps: number; observed: true; reason: string }
  | { state: 'done'; text: string }
  | { state: 'replaced'; reason: 'Superseded' | 'Recreated'; text: string };

/**
 * The rules of `kubectl rollout status`, for a restart, and their like for a scale. A later change, by whomever,
 * that leaves ours in place (an edit of another field) does not end it: the rollout then counts for the spec as it is.
 */
export function judgeRollout(workload: Workload, goal: Goal, written: Written): Stand {
  const replaced = replacedBy(workload, goal, written);
  if (replaced !== undefined) return replaced;
  const total = workload.replicas;
  if (workload.observedGeneration < written.generation || workload.observedGeneration < workload.generation) {
    const progress = { text: 'waiting for the controller to see the change', done: 0, total };
    return { state: 'rolling', progress, steps: Number.NEGATIVE_INFINITY, observed: false };
  }
  const count = goal.action === 'scale' ? countScale(workload) : countRestart(workload);
  if (count.open === '') return { state: 'done', text: count.text };
  const progress = { text: count.open, done: count.done, total: count.total };
  const reason = deadlineExceeded(workload);
  return reason === undefined
    ? { state: 'rolling', progress, steps: count.steps, observed: true }
    : { state: 'stuck', progress, steps: count.steps, observed: true, reason };
}

function replacedBy(workload: Workload, goal: Goal, written: Written): Stand | undefined {
  if (written.uid !== undefined && workload.uid !== written.uid) {
    const text = `The ${workload.kind} was deleted and made anew meanwhile; the new one does not have this change.`;
    return { state: 'replaced', reason: 'Recreated', text };
  }
  if (workload.generation <= written.generation) return undefined;
  if (goal.action === 'scale' && workload.replicas !== goal.replicas) {
    const text = `Something else (a person or an autoscaler) has set it to ${plural(workload.replicas, 'replica')} meanwhile.`;
    return { state: 'replaced', reason: 'Superseded', text };
  }
  if (goal.action === 'restart' && workload.restartedAt !== goal.restartedAt) {
    return { state: 'replaced', reason: 'Superseded', text: 'Another restart has replaced this one meanwhile.' };
  }
  return undefined;
}

/** `open` says what is still missing; empty once nothing is. */
interface Count {
  open: string;
  done: number;
  total: number;
  steps: number;
  text: string;
}

function countScale(workload: Workload): Count {
  const { replicas, current } = workload;
  // StatefulSets have had `availableReplicas` only since Kubernetes 1.22; ReplicaSets and Deployments always.
  const up = workload.kind === 'StatefulSet' ? workload.ready : workload.available;
  const surplus = Math.max(0, current - replicas);
  const missing = up < replicas || current < replicas;
  const ready = Math.min(up, replicas);
  const stopping = `${plural(surplus, 'pod')} still stopping`;
  const readiness = `${ready} of ${plural(replicas, 'pod')} ready`;
  return {
    open: missing ? readiness : surplus > 0 ? stopping : '',
    done: ready,
    total: replicas,
    steps: Math.min(current, replicas) + ready - surplus,
    text: replicas === 0 ? 'No pod runs any more.' : `${replicas} of ${plural(replicas, 'pod')} ready.`,
  };
}

function countRestart(workload: Workload): Count {
  const { replicas, current, kind } = workload;
  if (workload.strategy === 'OnDelete') return byHand(replicas);
  const held = kind === 'StatefulSet' ? Math.min(workload.partition, replicas) : 0;
  const total = replicas - held;
  const updated = Math.min(workload.updated, total);
  const up = Math.min(kind === 'StatefulSet' ? workload.ready : workload.available, replicas);
  // A DaemonSet's `current` counts nodes that should have a pod and do, so nothing is ever left over.
  const old = kind === 'DaemonSet' ? 0 : Math.max(0, current - Math.max(workload.updated, replicas));
  return {
    open: openRestart({ total, updated, up, replicas, old }),
    done: updated,
    total,
    steps: updated + up - old,
    text: held === 0 ? `${updated} of ${plural(total, 'pod')} updated and ready.` : heldBack(updated, held),
  };
}

function openRestart(count: { total: number; updated: number; up: number; replicas: number; old: number }): string {
  const updated = `${count.updated} of ${plural(count.total, 'pod')} updated`;
  if (count.updated < count.total) return updated;
  if (count.old > 0) return `${updated}, ${count.old} old still stopping`;
  return count.up < count.replicas ? `${updated}, ${count.up} of ${count.replicas} ready` : '';
}

function byHand(replicas: number): Count {
  const text = 'The new template is in place. With the strategy OnDelete each pod restarts when somebody deletes it.';
  return { open: '', done: replicas, total: replicas, steps: 0, text };
}

function heldBack(updated: number, held: number): string {
  return `${plural(updated, 'pod')} updated and ready; the partition keeps the other ${held} as they were.`;
}

function deadlineExceeded(workload: Workload): string | undefined {
  if (workload.kind !== 'Deployment') return undefined;
  const condition = workload.conditions.find((one) => one.type === 'Progressing' && one.status === 'False');
  return condition?.reason === 'ProgressDeadlineExceeded' ? condition.reason : undefined;
}
