import type { OwnerRef, WorkloadKind } from './cluster.ts';
import type { Interner } from './interner.ts';
import { nodeSigns } from './node-signs.ts';
import { podRow } from './pod-row.ts';
import { podSigns } from './pod-signs.ts';
import { controllerOf, isTrue } from './project-meta.ts';
import { containerNames } from './project-pod.ts';
import { countPods } from './project-workload.ts';
import { type RawCondition, type RawNode, type RawPod, type RawWorkload, timeOf } from './raw.ts';
import { rolloutSigns } from './rollout-signs.ts';
import type { NodeSummary, PodSummary, WorkloadSummary } from './snapshot-reader.ts';

/** `topOwner`: from the controlling owner to the workload that people know. */
export function summarizePod(raw: RawPod, intern: Interner, topOwner: (owner: OwnerRef) => OwnerRef): PodSummary {
  const { metadata = {}, spec = {}, status = {} } = raw;
  const row = podRow(raw);
  const owner = controllerOf(metadata);
  return {
    uid: metadata.uid ?? '',
    namespace: intern.text(metadata.namespace ?? ''),
    name: metadata.name ?? '',
    status: intern.text(row.status),
    ready: row.ready,
    total: row.total,
    isReady: isTrue(status.conditions, 'Ready'),
    restarts: row.restarts,
    restartedAt: row.restartedAt,
    createdAt: timeOf(metadata.creationTimestamp) ?? 0,
    node: spec.nodeName ? intern.text(spec.nodeName) : undefined,
    owner: owner && intern.owner(topOwner(owner)),
    containers: intern.texts(containerNames(raw)),
    signs: podSigns(raw, intern),
  };
}

export function summarizeWorkload(kind: WorkloadKind, raw: RawWorkload, intern: Interner): WorkloadSummary {
  const { metadata = {}, spec = {}, status = {} } = raw;
  const { replicas, ready, updated, available } = countPods(kind, raw);
  return {
    uid: metadata.uid ?? '',
    kind,
    namespace: intern.text(metadata.namespace ?? ''),
    name: metadata.name ?? '',
    replicas,
    ready,
    updated,
    available,
    observed: (status.observedGeneration ?? 0) >= (metadata.generation ?? 0),
    owned: controllerOf(metadata) !== undefined,
    problem: problemOf(status.conditions),
    containers: intern.texts((spec.template?.spec?.containers ?? []).map(({ name }) => name ?? '')),
    createdAt: timeOf(metadata.creationTimestamp) ?? 0,
    rollout: kind === 'Deployment' ? rolloutSigns(raw, intern) : undefined,
  };
}

/** A rollout that got stuck (`ProgressDeadlineExceeded`), or pods that cannot be created (`FailedCreate`: a quota, say). */
function problemOf(conditions: RawCondition[] | null | undefined): string | undefined {
  const bad = conditions?.find(
    ({ type, status }) =>
      (type === 'ReplicaFailure' && status === 'True') || (type === 'Progressing' && status === 'False'),
  );
  return bad && (bad.reason || bad.type);
}

const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'];

export function summarizeNode(raw: RawNode, intern: Interner): NodeSummary {
  const { metadata = {}, spec = {}, status = {} } = raw;
  const ready = status.conditions?.find(({ type }) => type === 'Ready')?.status ?? 'Unknown';
  const word = ready === 'True' ? 'Ready' : ready === 'False' ? 'NotReady' : 'NotReady (Unknown)';
  const pressures = PRESSURES.filter((type) => isTrue(status.conditions, type));
  return {
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    ready: ready === 'True',
    status: [word, ...pressures].join(', '),
    unschedulable: spec.unschedulable === true,
    signs: nodeSigns(raw, intern),
  };
}
