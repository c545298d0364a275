import { timestamp } from '../scheduler.ts';
import type { Json, KubeObject } from '../types.ts';
import { resolveBounds } from './rollout-sizes.ts';

/** The status of a Deployment, from its ReplicaSets: the numbers, and the conditions Available and Progressing. */

interface Input {
  deployment: KubeObject;
  fresh: KubeObject | undefined;
  sets: KubeObject[];
  now: number;
  /** ms that a second of the progress deadline lasts. */
  second: number;
  /** The fresh set has just been made. */
  created: boolean;
}

const total = (sets: KubeObject[], field: string): number =>
  sets.reduce((count, set) => count + (set.status?.[field] ?? 0), 0);

const conditionOf = (status: Json, type: string): Json =>
  status?.conditions?.find((condition: Json) => condition.type === type);

function condition(
  before: Json,
  now: number,
  next: { type: string; status: string; reason: string; message: string },
): Json {
  if (before?.status === next.status && before.reason === next.reason) return before;
  const at = timestamp(now);
  return {
    ...next,
    lastUpdateTime: at,
    lastTransitionTime: before?.status === next.status ? before.lastTransitionTime : at,
  };
}

function available({ deployment, now }: Input, counts: Json): Json {
  const { replicas, strategy } = deployment.spec;
  const bounds = resolveBounds(replicas, strategy.rollingUpdate);
  const least = strategy.type === 'RollingUpdate' ? replicas - bounds.maxUnavailable : replicas;
  const enough = counts.availableReplicas >= least;
  return condition(conditionOf(deployment.status, 'Available'), now, {
    type: 'Available',
    status: enough ? 'True' : 'False',
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: enough ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
  });
}

const isComplete = ({ deployment: { spec } }: Input, counts: Json) =>
  counts.updatedReplicas === spec.replicas &&
  counts.replicas === spec.replicas &&
  counts.availableReplicas === spec.replicas;

function hasProgressed({ deployment: { status } }: Input, counts: Json): boolean {
  const old = (numbers: Json) => (numbers.replicas ?? 0) - (numbers.updatedReplicas ?? 0);
  return (
    counts.updatedReplicas > (status.updatedReplicas ?? 0) ||
    old(counts) < old(status) ||
    counts.readyReplicas > (status.readyReplicas ?? 0) ||
    counts.availableReplicas > (status.availableReplicas ?? 0)
  );
}

export const deadlineOf = ({ deployment, second }: Pick<Input, 'deployment' | 'second'>): number =>
  (deployment.spec.progressDeadlineSeconds ?? 600) * second;

/** ms since the epoch of the last progress; kept beside the status, whose times have whole seconds only. */
export type ProgressClock = (deployment: KubeObject, moved?: number) => number;

function progressing(input: Input, counts: Json, clock: ProgressClock): Json {
  const { deployment, fresh, now, created } = input;
  const before = conditionOf(deployment.status, 'Progressing');
  if (fresh === undefined) return before;
  const set = `ReplicaSet "${fresh.metadata.name}"`;
  const say = (status: string, reason: string, message: string) =>
    condition(before, now, { type: 'Progressing', status, reason, message });
  if (created) {
    clock(deployment, now);
    return say('True', 'NewReplicaSetCreated', `Created new replica set "${fresh.metadata.name}"`);
  }
  if (isComplete(input, counts)) return say('True', 'NewReplicaSetAvailable', `${set} has successfully progressed.`);
  // Once complete it stays so until something else is rolled out, whatever its pods do.
  const wasComplete = before?.reason === 'NewReplicaSetAvailable';
  if (wasComplete && counts.replicas === counts.updatedReplicas) return before;
  if (before === undefined || hasProgressed(input, counts)) {
    clock(deployment, now);
    const renewed = say('True', 'ReplicaSetUpdated', `${set} is progressing.`);
    return { ...renewed, lastUpdateTime: timestamp(now) };
  }
  if (wasComplete || now - clock(deployment) < deadlineOf(input)) return before;
  return say('False', 'ProgressDeadlineExceeded', `${set} has timed out progressing.`);
}

export function deploymentStatus(input: Input, clock: ProgressClock): Json {
  const { deployment, fresh, sets } = input;
  const replicas = total(sets, 'replicas');
  const counts = {
    observedGeneration: deployment.metadata.generation,
    replicas,
    updatedReplicas: fresh?.status?.replicas ?? 0,
    readyReplicas: total(sets, 'readyReplicas'),
    availableReplicas: total(sets, 'availableReplicas'),
  };
  const unavailable = Math.max(0, deployment.spec.replicas - counts.availableReplicas);
  const conditions = [available(input, counts), progressing(input, counts, clock)].filter(Boolean);
  return { ...counts, ...(unavailable > 0 ? { unavailableReplicas: unavailable } : {}), conditions };
}
