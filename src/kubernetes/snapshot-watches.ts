import type { WorkloadKind } from './cluster.ts';
import type { Projected } from './collection.ts';
import { createInterner } from './interner.ts';
import { summarizeJob } from './job-summary.ts';
import type { NamespaceScope } from './namespace-scope.ts';
import { projectAutoscaler } from './project-autoscaler.ts';
import type { RawAutoscaler, RawJob, RawNode, RawObject, RawPod, RawWorkload } from './raw.ts';
import { projectReplicaSet, splitReplicaSets } from './replica-sets.ts';
import { AUTOSCALERS, JOBS, NAMESPACES, NODES, PODS, WORKLOADS } from './resources.ts';
import type { NamespaceName, SnapshotTables } from './snapshot-tables.ts';
import { summarizeNode, summarizePod, summarizeWorkload } from './summaries.ts';
import { createListWatch, type ListWatch, type ListWatchOptions } from './watch.ts';

export interface SnapshotWatches {
  all: readonly ListWatch[];
  /** Those without which there is no picture of a namespace. */
  needed: readonly ListWatch[];
  nodes: ListWatch;
  autoscalers: readonly ListWatch[];
  /** Only where the whole cluster is watched. */
  namespaces: ListWatch | undefined;
}

type Settings = Pick<
  ListWatchOptions<Projected>,
  'rest' | 'onState' | 'onRestart' | 'pageSize' | 'timings' | 'clock' | 'logger'
>;

/** One list-watch for each resource, and where namespaces are named, for each of them: no more rights are needed. */
export function createSnapshotWatches(
  tables: SnapshotTables,
  scope: NamespaceScope,
  settings: Settings,
): SnapshotWatches {
  const intern = createInterner();
  const places = scope.named ?? [undefined];
  const inScope =
    <R extends RawObject, T>(project: (raw: R) => T) =>
    (raw: unknown): T | undefined =>
      scope.includes((raw as R).metadata?.namespace ?? '') ? project(raw as R) : undefined;

  const watchWorkloads = (kind: WorkloadKind, namespace: string | undefined): ListWatch =>
    createListWatch({
      ...settings,
      type: WORKLOADS[kind],
      namespace,
      project: inScope((raw: RawWorkload) => summarizeWorkload(kind, raw, intern)),
      onChange: tables.workloads.change,
    });
  const watchReplicaSets = (namespace: string | undefined): ListWatch =>
    createListWatch({
      ...settings,
      type: WORKLOADS.ReplicaSet,
      namespace,
      project: inScope((raw: RawWorkload) =>
        projectReplicaSet(raw, (free) => summarizeWorkload('ReplicaSet', free, intern)),
      ),
      onChange: splitReplicaSets(tables.owners.changeReplicaSet, tables.workloads.change),
    });
  const watchPods = (namespace: string | undefined): ListWatch =>
    createListWatch({
      ...settings,
      type: PODS,
      namespace,
      project: inScope((raw: RawPod) => summarizePod(raw, intern, tables.owners.topOwner)),
      onChange: tables.owners.changePod,
    });
  const watchAutoscalers = (namespace: string | undefined): ListWatch =>
    createListWatch({
      ...settings,
      type: AUTOSCALERS,
      namespace,
      project: inScope((raw: RawAutoscaler) => projectAutoscaler(raw)),
      onChange: tables.autoscalers.change,
      optional: true,
    });
  const watchJobs = (namespace: string | undefined): ListWatch =>
    createListWatch({
      ...settings,
      type: JOBS,
      namespace,
      project: inScope((raw: RawJob) => summarizeJob(raw, intern)),
      onChange: tables.jobs.change,
      optional: true,
    });
  const nodes = createListWatch({
    ...settings,
    type: NODES,
    project: (raw) => summarizeNode(raw as RawNode, intern),
    onChange: tables.nodes.change,
    optional: true,
  });
  const watchNamespaces = (): ListWatch =>
    createListWatch<NamespaceName>({
      ...settings,
      type: NAMESPACES,
      project(raw) {
        const { uid = '', name = '' } = (raw as RawObject).metadata ?? {};
        return scope.includes(name) ? { uid, name } : undefined;
      },
      onChange: tables.namespaces.change,
      optional: true,
    });

  const autoscalers = places.map(watchAutoscalers);
  const namespaces = scope.named === undefined ? watchNamespaces() : undefined;
  const needed = [
    ...places.map(watchReplicaSets),
    ...(['Deployment', 'StatefulSet', 'DaemonSet'] as const).flatMap((kind) =>
      places.map((namespace) => watchWorkloads(kind, namespace)),
    ),
    ...places.map(watchPods),
  ];
  const all = [...needed, ...places.map(watchJobs), ...autoscalers, nodes, ...(namespaces ? [namespaces] : [])];
  return { all, needed, nodes, autoscalers, namespaces };
}
