import type { PodSummary, WorkloadSummary } from './snapshot-reader.ts';
import type { Table } from './table.ts';

/**
 * A pod may be seen before its ReplicaSet, and a failed one outlives it. Deployments name their ReplicaSets
 * `<Deployment>-<pod-template-hash>`, so such a pod still belongs to the Deployment that people know.
 */
export function withDeployment(pod: PodSummary, workloads: Table<WorkloadSummary>): PodSummary {
  const { owner, signs, namespace } = pod;
  if (owner?.kind !== 'ReplicaSet' || workloads.get(owner.uid)) return pod;
  const ending = `-${signs?.labels['pod-template-hash']}`;
  if (!owner.name.endsWith(ending)) return pod;
  const name = owner.name.slice(0, -ending.length);
  for (const one of workloads.values()) {
    if (one.kind !== 'Deployment' || one.name !== name || one.namespace !== namespace) continue;
    return { ...pod, owner: { kind: 'Deployment', name, uid: one.uid } };
  }
  return pod;
}
