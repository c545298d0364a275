import { MARKER_ANNOTATION, type Workload, type WorkloadKind } from './cluster.ts';
import { labelSelector } from './label-selector.ts';
import { controllerOf, projectConditions } from './project-meta.ts';
import { type RawWorkload, timeOf } from './raw.ts';

const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

export type Counts = Pick<Workload, 'replicas' | 'current' | 'updated' | 'ready' | 'available'>;

export function projectWorkload(kind: WorkloadKind, raw: RawWorkload): Workload {
  const { metadata = {}, spec = {}, status = {} } = raw;
  return {
    kind,
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    generation: metadata.generation ?? 0,
    observedGeneration: status.observedGeneration ?? 0,
    ...countPods(kind, raw),
    owner: controllerOf(metadata),
    selector: labelSelector(spec.selector),
    containers: (spec.template?.spec?.containers ?? []).map(({ name = '', image = '' }) => ({ name, image })),
    paused: spec.paused === true,
    strategy: strategyOf(kind, raw),
    partition: spec.updateStrategy?.rollingUpdate?.partition ?? 0,
    conditions: projectConditions(status.conditions),
    marker: metadata.annotations?.[MARKER_ANNOTATION],
    restartedAt: spec.template?.metadata?.annotations?.[RESTARTED_AT],
    createdAt: timeOf(metadata.creationTimestamp) ?? 0,
  };
}

export function countPods(kind: WorkloadKind, { spec = {}, status = {} }: RawWorkload): Counts {
  const ready = status.readyReplicas ?? 0;
  switch (kind) {
    case 'DaemonSet':
      return {
        replicas: status.desiredNumberScheduled ?? 0,
        current: status.currentNumberScheduled ?? 0,
        updated: status.updatedNumberScheduled ?? 0,
        ready: status.numberReady ?? 0,
        available: status.numberAvailable ?? 0,
      };
    case 'Deployment':
    case 'StatefulSet':
    case 'ReplicaSet':
      return {
        replicas: spec.replicas ?? 1,
        current: status.replicas ?? 0,
        // A ReplicaSet has one template only, and never replaces its pods.
        updated: (kind === 'ReplicaSet' ? status.replicas : status.updatedReplicas) ?? 0,
        ready,
        // StatefulSets of older clusters do not report it.
        available: status.availableReplicas ?? (kind === 'StatefulSet' ? ready : 0),
      };
  }
}

function strategyOf(kind: WorkloadKind, { spec = {} }: RawWorkload): string {
  if (kind === 'ReplicaSet') return 'OnDelete';
  return (kind === 'Deployment' ? spec.strategy?.type : spec.updateStrategy?.type) ?? 'RollingUpdate';
}
