import type { Json, KubeObject, Manifest, OwnerReference } from '../types.ts';

export const isReady = (pod: KubeObject): boolean =>
  pod.status?.conditions?.some((condition: Json) => condition.type === 'Ready' && condition.status === 'True') ?? false;

export const isLeaving = (object: KubeObject): boolean => object.metadata.deletionTimestamp !== undefined;

const isOver = (pod: KubeObject) => pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded';

/** Pods that count: neither leaving nor over. */
export const activePods = (pods: KubeObject[]): KubeObject[] => pods.filter((pod) => !isLeaving(pod) && !isOver(pod));

const readySince = (pod: KubeObject): number =>
  Date.parse(pod.status.conditions.find((condition: Json) => condition.type === 'Ready').lastTransitionTime);

/** Ready for as long as `minReadySeconds` asks. */
export const isAvailable = (pod: KubeObject, minReadySeconds: number, now: number): boolean =>
  isReady(pod) && (minReadySeconds === 0 || now - readySince(pod) >= minReadySeconds * 1000);

export function ownerReference(owner: KubeObject): OwnerReference {
  const { apiVersion, kind, metadata } = owner;
  const { name, uid } = metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** The pod that a workload's template describes. */
export function podManifest(
  owner: KubeObject,
  template: Json,
  metadata: { name?: string; generateName?: string; labels?: Record<string, string> },
): Manifest {
  const { creationTimestamp: _unset, ...rest } = template.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...rest,
      ...metadata,
      labels: { ...rest.labels, ...metadata.labels },
      ownerReferences: [ownerReference(owner)],
    },
    spec: template.spec,
  };
}

/** Those that a scale-down takes first: not on a node, not ready, youngest. */
export const byWorth = (a: KubeObject, b: KubeObject): number =>
  Number(Boolean(a.spec.nodeName)) - Number(Boolean(b.spec.nodeName)) ||
  Number(isReady(a)) - Number(isReady(b)) ||
  b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp);
