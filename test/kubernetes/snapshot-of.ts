import type {
  ClusterSnapshot,
  NodeSummary,
  PodSummary,
  WorkloadSummary,
} from '../../src/kubernetes/snapshot-reader.ts';

export const NOW = Date.UTC(2026, 10, 3, 3, 14, 15);
const HOURS_AGO = NOW - 5 * 3_600_000;

export function workloadOf(name: string, change: Partial<WorkloadSummary> = {}): WorkloadSummary {
  return {
    uid: `w-${name}`,
    kind: 'Deployment',
    namespace: 'prod',
    name,
    replicas: 3,
    ready: 3,
    updated: 3,
    available: 3,
    observed: true,
    owned: false,
    problem: undefined,
    containers: ['app'],
    createdAt: HOURS_AGO,
    ...change,
  };
}

/** A healthy pod of the Deployment of that name, by way of a ReplicaSet that the snapshot does not hold. */
export function podOf(name: string, workload: string | undefined, change: Partial<PodSummary> = {}): PodSummary {
  return {
    uid: `p-${name}`,
    namespace: 'prod',
    name,
    status: 'Running',
    ready: 1,
    total: 1,
    isReady: true,
    restarts: 0,
    restartedAt: undefined,
    createdAt: HOURS_AGO,
    node: 'node-1',
    owner: workload ? { kind: 'ReplicaSet', name: `${workload}-7d9f8`, uid: `rs-${workload}` } : undefined,
    containers: ['app'],
    ...change,
  };
}

export function nodeOf(name: string, change: Partial<NodeSummary> = {}): NodeSummary {
  return { name, uid: `n-${name}`, ready: true, status: 'Ready', unschedulable: false, ...change };
}

interface Parts extends Partial<Omit<ClusterSnapshot, 'nodes' | 'workloads' | 'pods'>> {
  nodes?: NodeSummary[];
  workloads?: WorkloadSummary[];
  pods?: PodSummary[];
}

const byUid = <T extends { uid: string }>(items: T[]) => new Map(items.map((item) => [item.uid, item]));

export function snapshotOf({ nodes, workloads = [], pods = [], ...rest }: Parts = {}): ClusterSnapshot {
  return {
    cluster: 'east',
    version: 1,
    complete: true,
    asOf: NOW,
    problem: undefined,
    autoscalers: undefined,
    namespaces: ['prod', 'staging'],
    ...rest,
    nodes: nodes && byUid(nodes),
    workloads: byUid(workloads),
    pods: byUid(pods),
  };
}

/** 10 pods a Deployment, 100 a node; every `brokenEvery`-th pod crashes. */
export function largeSnapshot({ pods, brokenEvery }: { pods: number; brokenEvery: number }): ClusterSnapshot {
  const deployments = Math.ceil(pods / 10);
  return snapshotOf({
    nodes: Array.from({ length: Math.ceil(pods / 100) }, (_, index) => nodeOf(`node-${index}`)),
    workloads: Array.from({ length: deployments }, (_, index) =>
      workloadOf(`app-${index}`, { namespace: `ns-${index % 50}`, replicas: 10, ready: 10, updated: 10 }),
    ),
    pods: Array.from({ length: pods }, (_, index) => {
      const owner = index % deployments;
      const broken = index % brokenEvery === 0;
      return podOf(`app-${owner}-7d9f8-${index}`, `app-${owner}`, {
        namespace: `ns-${owner % 50}`,
        ...(broken
          ? { status: 'CrashLoopBackOff', isReady: false, ready: 0, restarts: 9, restartedAt: NOW - 60_000 }
          : {}),
      });
    }),
  });
}
