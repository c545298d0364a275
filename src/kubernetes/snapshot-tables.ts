import { isDeepStrictEqual } from 'node:util';
import type { Projected } from './collection.ts';
import { createPodOwners, type PodOwners } from './pod-owners.ts';
import type { JobSummary } from './signs.ts';
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
  /** For the picture of signs only. */
  jobs: Table<JobSummary>;
  autoscalers: Table<AutoscalerSummary & Projected>;
  namespaces: Table<NamespaceName>;
  owners: PodOwners;
}

export interface SnapshotListeners {
  /** The snapshot has changed. */
  changed(): void;
  /** The picture of signs may have changed. Not called for what is healthy and stays so. */
  signsChanged(): void;
}

export function createSnapshotTables({ changed, signsChanged }: SnapshotListeners): SnapshotTables {
  const nodes = createTable<NodeSummary>({
    hasSigns,
    onChange(before, after) {
      changed();
      if (before?.signs || after?.signs) signsChanged();
    },
  });
  const isOnBadNode = (pod: PodSummary | undefined) =>
    pod?.node !== undefined && nodes.withSigns().some(({ name }) => name === pod.node);
  const pods = createTable<PodSummary>({
    hasSigns,
    onChange(before, after) {
      changed();
      if (before?.signs || after?.signs || isOnBadNode(before) || isOnBadNode(after)) signsChanged();
    },
  });
  const workloads = createTable<WorkloadSummary>({
    hasSigns: ({ rollout }) => rollout !== undefined,
    onChange(before, after) {
      changed();
      // Nearly every Deployment has completed a rollout once: its counts alone are no news.
      const isStuck = before?.rollout?.stuck || after?.rollout?.stuck;
      if (isStuck || !isDeepStrictEqual(before?.rollout, after?.rollout)) signsChanged();
    },
  });
  return {
    pods,
    workloads,
    nodes,
    jobs: createTable({ onChange: signsChanged }),
    autoscalers: createTable({ onChange: changed }),
    namespaces: createTable({ onChange: changed }),
    owners: createPodOwners(pods),
  };
}

function hasSigns({ signs }: { signs?: object | undefined }): boolean {
  return signs !== undefined;
}

/** Where the namespaces themselves may not be listed: those in which something was seen. */
export function namespacesSeen({ pods, workloads }: SnapshotTables): string[] {
  const seen = new Set<string>();
  for (const { namespace } of workloads.picture().values()) seen.add(namespace);
  for (const { namespace } of pods.picture().values()) seen.add(namespace);
  return [...seen].sort();
}
