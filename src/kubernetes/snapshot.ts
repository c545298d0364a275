import { createAnnouncer } from './announcer.ts';
import { type Clock, systemClock } from './clock.ts';
import type { WorkloadKind } from './cluster.ts';
import type { Projected } from './collection.ts';
import { createInterner } from './interner.ts';
import { type Logger, silentLogger } from './logger.ts';
import { namespaceScope } from './namespace-scope.ts';
import { createPodOwners, type ReplicaSetOwner } from './pod-owners.ts';
import { projectAutoscaler } from './project-autoscaler.ts';
import { controllerOf } from './project-meta.ts';
import type { RawAutoscaler, RawNode, RawObject, RawPod, RawWorkload } from './raw.ts';
import { AUTOSCALERS, NAMESPACES, NODES, PODS, type ResourceType, WORKLOADS } from './resources.ts';
import type { Rest } from './rest.ts';
import type {
  AutoscalerSummary,
  ClusterSnapshot,
  NodeSummary,
  PodSummary,
  SnapshotReader,
  WorkloadSummary,
} from './snapshot-reader.ts';
import { summarizeNode, summarizePod, summarizeWorkload } from './summaries.ts';
import { createTable } from './table.ts';
import { createListWatch, type ListWatch, type ListWatchOptions, type WatchTimings } from './watch.ts';

export interface SnapshotOptions {
  rest: Rest;
  /** The cluster's name in opsbot's configuration. */
  cluster: string;
  /** Names and patterns; `["*"]`: all. A pattern makes it watch the whole cluster. */
  namespaces: readonly string[];
  logger?: Logger | undefined;
  clock?: Clock | undefined;
  timings?: Partial<WatchTimings> | undefined;
  /** Objects asked for at a time. */
  pageSize?: number | undefined;
}

export interface LiveSnapshot {
  /** From the start: `complete` says whether it is whole yet. */
  reader: SnapshotReader;
  /** Begins to watch. To be called once. */
  start(signal: AbortSignal): void;
  /** Resolves once every list was complete. Stays pending where it is stopped before. */
  ready: Promise<void>;
  /** Stops watching; resolves when everything has ended. */
  close(): Promise<void>;
}

const ANNOUNCE_MS = 1000;

type Watching<T extends Projected> = Pick<ListWatchOptions<T>, 'type' | 'project' | 'onChange' | 'optional'>;

/** Keeps a small picture of the cluster current. */
export function createSnapshot(options: SnapshotOptions): LiveSnapshot {
  const { rest, cluster, logger = silentLogger, clock = systemClock, timings, pageSize = 500 } = options;
  const scope = namespaceScope(options.namespaces);
  const intern = createInterner();
  const announcer = createAnnouncer(clock, ANNOUNCE_MS, logger);
  const stopping = new AbortController();
  const watches: ListWatch[] = [];
  let running: Promise<unknown> = Promise.resolve();
  // Begins with the time, so that after a restart it does not pass for an older picture's.
  let version = clock.now();

  const changed = () => {
    version += 1;
    announcer.changed();
  };
  const pods = createTable<PodSummary>(changed);
  const workloads = createTable<WorkloadSummary>(changed);
  const nodes = createTable<NodeSummary>(changed);
  const autoscalers = createTable<AutoscalerSummary & Projected>(changed);
  const namespaces = createTable<{ uid: string; name: string }>(changed);
  const owners = createPodOwners(pods);

  const add = <T extends Projected>(namespace: string | undefined, watching: Watching<T>): ListWatch => {
    const watch = createListWatch<T>({
      ...watching,
      rest,
      namespace,
      pageSize,
      timings,
      clock,
      logger,
      onState: changed,
      project: (raw) => (isInScope(raw, watching.type, scope.includes) ? watching.project(raw) : undefined),
    });
    watches.push(watch);
    return watch;
  };
  const workload = (kind: WorkloadKind): Watching<WorkloadSummary> => ({
    type: WORKLOADS[kind],
    project: (raw) => summarizeWorkload(kind, raw as RawWorkload, intern),
    onChange: workloads.change,
  });

  const autoscalerWatches: ListWatch[] = [];
  for (const namespace of scope.named ?? [undefined]) {
    add<ReplicaSetOwner | WorkloadSummary>(namespace, {
      type: WORKLOADS.ReplicaSet,
      project: (raw) => projectReplicaSet(raw as RawWorkload, workload('ReplicaSet').project),
      onChange(before, after) {
        owners.changeReplicaSet(ownersOnly(before), ownersOnly(after));
        const [was, is] = [summariesOnly(before), summariesOnly(after)];
        if (was || is) workloads.change(was, is);
      },
    });
    for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet'] as const) add(namespace, workload(kind));
    add<PodSummary>(namespace, {
      type: PODS,
      project: (raw) => summarizePod(raw as RawPod, intern, owners.topOwner),
      onChange: owners.changePod,
    });
    autoscalerWatches.push(
      add(namespace, {
        type: AUTOSCALERS,
        project: (raw) => projectAutoscaler(raw as RawAutoscaler),
        onChange: autoscalers.change,
        optional: true,
      }),
    );
  }
  const nodeWatch = add<NodeSummary>(undefined, {
    type: NODES,
    project: (raw) => summarizeNode(raw as RawNode),
    onChange: nodes.change,
    optional: true,
  });
  const namespaceWatch =
    scope.named === undefined
      ? add<{ uid: string; name: string }>(undefined, {
          type: NAMESPACES,
          project: projectNamespace,
          onChange: namespaces.change,
          optional: true,
        })
      : undefined;

  function namespaceNames(): readonly string[] {
    if (scope.named) return scope.named;
    if (namespaceWatch && !namespaceWatch.isDenied()) {
      return [...namespaces.picture().values()].map(({ name }) => name).sort();
    }
    const seen = new Set<string>();
    for (const one of workloads.picture().values()) seen.add(one.namespace);
    for (const one of pods.picture().values()) seen.add(one.namespace);
    return [...seen].sort();
  }

  function read(): ClusterSnapshot {
    const available = watches.filter((watch) => !watch.isDenied());
    return {
      cluster,
      version,
      complete: watches.every((watch) => watch.isReady()),
      asOf: Math.min(...available.map((watch) => watch.asOf())),
      problem: watches.map((watch) => watch.problem()).find((problem) => problem !== undefined),
      nodes: nodeWatch.isDenied() ? undefined : nodes.picture(),
      workloads: workloads.picture(),
      pods: pods.picture(),
      autoscalers: autoscalerWatches.every((watch) => watch.isDenied()) ? undefined : autoscalers.picture(),
      namespaces: namespaceNames(),
    };
  }

  return {
    reader: { read: async () => read(), onChange: announcer.subscribe },
    start(signal) {
      const stop = () => stopping.abort(signal.reason);
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      running = Promise.all(watches.map((watch) => watch.run(stopping.signal)));
    },
    ready: Promise.all(watches.map((watch) => watch.ready)).then(() => {}),
    async close() {
      stopping.abort();
      await running;
      announcer.stop();
    },
  };
}

/** A Deployment's ReplicaSet counts only as a link to it, and only while it has pods: old ones are kept by the dozen. */
function projectReplicaSet(
  raw: RawWorkload,
  summarize: (raw: unknown) => WorkloadSummary | undefined,
): ReplicaSetOwner | WorkloadSummary | undefined {
  const owner = controllerOf(raw.metadata ?? {});
  if (owner?.kind !== 'Deployment') return summarize(raw);
  const isEmpty = (raw.spec?.replicas ?? 1) === 0 && (raw.status?.replicas ?? 0) === 0;
  return isEmpty ? undefined : { uid: raw.metadata?.uid ?? '', deployment: owner };
}

function ownersOnly(one: ReplicaSetOwner | WorkloadSummary | undefined): ReplicaSetOwner | undefined {
  return one && 'deployment' in one ? one : undefined;
}

function summariesOnly(one: ReplicaSetOwner | WorkloadSummary | undefined): WorkloadSummary | undefined {
  return one && 'kind' in one ? one : undefined;
}

function projectNamespace(raw: unknown): { uid: string; name: string } {
  const { uid = '', name = '' } = (raw as RawObject).metadata ?? {};
  return { uid, name };
}

function isInScope(raw: unknown, type: ResourceType, includes: (namespace: string) => boolean): boolean {
  const { namespace = '', name = '' } = (raw as RawObject).metadata ?? {};
  if (type === NAMESPACES) return includes(name);
  return !type.namespaced || includes(namespace);
}
