import type { OwnerRef } from './cluster.ts';
import type { ChangeHandler } from './collection.ts';
import { controllerOf } from './project-meta.ts';
import type { RawWorkload } from './raw.ts';
import type { WorkloadSummary } from './snapshot-reader.ts';

/** A Deployment's ReplicaSet, as far as it is of interest: whose it is. */
export interface ReplicaSetOwner {
  uid: string;
  deployment: OwnerRef;
}

/**
 * A Deployment's ReplicaSet counts only as the link from pods to it, and only while it has pods: Deployments keep old
 * ones by the dozen. Any other is a workload.
 */
export function projectReplicaSet(
  raw: RawWorkload,
  summarize: (raw: RawWorkload) => WorkloadSummary,
): ReplicaSetOwner | WorkloadSummary | undefined {
  const owner = controllerOf(raw.metadata ?? {});
  if (owner?.kind !== 'Deployment') return summarize(raw);
  const isEmpty = (raw.spec?.replicas ?? 1) === 0 && (raw.status?.replicas ?? 0) === 0;
  return isEmpty ? undefined : { uid: raw.metadata?.uid ?? '', deployment: owner };
}

/** Passes a change on as what it is: of a link, of a workload, or (adopted, orphaned) from one to the other. */
export function splitReplicaSets(
  onLink: ChangeHandler<ReplicaSetOwner>,
  onWorkload: ChangeHandler<WorkloadSummary>,
): ChangeHandler<ReplicaSetOwner | WorkloadSummary> {
  const link = (one: ReplicaSetOwner | WorkloadSummary | undefined) => (one && 'deployment' in one ? one : undefined);
  const workload = (one: ReplicaSetOwner | WorkloadSummary | undefined) => (one && 'kind' in one ? one : undefined);
  return (before, after) => {
    if (link(before) || link(after)) onLink(link(before), link(after));
    if (workload(before) || workload(after)) onWorkload(workload(before), workload(after));
  };
}
