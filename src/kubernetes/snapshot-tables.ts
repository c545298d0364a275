import type { Projected } from './collection.ts';
import { createPodOwners, type PodOwners } from './pod-owners.ts';
import type { AutoscalerSummary, NodeSummary, PodSummary, WorkloadSummary } from './snapshot-reader.ts';
import { createTable, type Table } from './table.ts';

export interface NamespaceName extends Projected {
  name: string;
}

/** What the snapshot holds, by UID. Pods are changed through `owners`. */
export interface SnapshotTables {
  pods: Table<PodSummary>;
  workloads: Table<WorkloadSummary>;
  nodes: Table<NodeSummary>;
  autoscalers: Table<AutoscalerSummary & Projected>;
  namespaces: Table<NamespaceName>;
  owners: PodOwners;
}

export function createSnapshotTables(changed: () => void): SnapshotTables {
  const pods = createTable<PodSummary>(changed);
  return {
    pods,
    workloads: createTable(changed),
    nodes: createTable(changed),
    autoscalers: createTable(changed),
    namespaces: createTable(changed),
    owners: createPodOwners(pods),
  };
}

/** Where the namespaces themselves may not be listed: those in which something was seen. */
export function namespacesSeen({ pods, workloads }: SnapshotTables): string[] {
  const seen = new Set<string>();
  for (const { namespace } of workloads.picture().values()) seen.add(namespace);
  for (const { namespace } of pods.picture().values()) seen.add(namespace);
  return [...seen].sort();
}
