import type {
  Action,
  ActionContext,
  ExecuteContext,
  FollowContext,
  Outcome,
  Plan,
  Progress,
} from '../../src/actions/action.ts';
import type { Pace } from '../../src/actions/follow-rollout.ts';
import type { ContainerStatus, Pod, Workload, WorkloadRef } from '../../src/kubernetes/cluster.ts';
import type { ClusterSnapshot, PodSummary, WorkloadSummary } from '../../src/kubernetes/snapshot-reader.ts';
import { createFakeCluster, type FakeCluster } from './fake-cluster.ts';

export const REQUESTED_AT = Date.UTC(2026, 10, 22, 14, 0, 0);
export const MARKER = 'r-1.1';

export function workloadOf(change: Partial<Workload> = {}): Workload {
  const name = change.name ?? 'api';
  const replicas = change.replicas ?? 3;
  return {
    kind: 'Deployment',
    namespace: 'default',
    name,
    uid: `${change.kind ?? 'Deployment'}-${change.namespace ?? 'default'}-${name}`,
    resourceVersion: '100',
    generation: 1,
    observedGeneration: 1,
    replicas,
    current: replicas,
    updated: replicas,
    ready: replicas,
    available: replicas,
    owner: undefined,
    selector: `app=${name}`,
    containers: [{ name: 'web', image: 'web:1' }],
    paused: false,
    strategy: 'RollingUpdate',
    partition: 0,
    conditions: [],
    marker: undefined,
    restartedAt: undefined,
    createdAt: REQUESTED_AT - 86_400_000,
    ...change,
  };
}

export function containerOf(change: Partial<ContainerStatus> = {}): ContainerStatus {
  return {
    name: 'web',
    init: false,
    ready: true,
    restarts: 0,
    state: 'running',
    reason: undefined,
    message: undefined,
    exitCode: undefined,
    lastEnd: undefined,
    memoryLimit: undefined,
    ...change,
  };
}

export function podOf(change: Partial<Pod> = {}): Pod {
  const containers = change.containers ?? [containerOf()];
  const ready = containers.filter((one) => one.ready && !one.init).length;
  const total = containers.filter((one) => !one.init).length;
  const name = change.name ?? 'api-7d9f-x1';
  return {
    namespace: 'default',
    name,
    uid: `pod-${name}`,
    status: 'Running',
    ready,
    total,
    restarts: 0,
    restartedAt: undefined,
    createdAt: REQUESTED_AT - 3_600_000,
    node: 'node-1',
    owner: { kind: 'ReplicaSet', name: name.split('-').slice(0, 2).join('-'), uid: 'rs-1' },
    containers,
    unschedulable: undefined,
    isReady: ready === total,
    deleting: false,
    templateHash: '7d9f',
    ...change,
  };
}

/** What the watches would have seen of this cluster by now. */
export function snapshotOf(cluster: FakeCluster): ClusterSnapshot {
  const workloads = cluster.workloads
    .filter((one) => one.owner?.kind !== 'Deployment')
    .map((one): WorkloadSummary => {
      const { uid, kind, namespace, name, replicas, ready, updated, available, createdAt } = one;
      const containers = one.containers.map((container) => container.name);
      const rest = { observed: true, owned: one.owner !== undefined, problem: undefined, containers };
      return { uid, kind, namespace, name, replicas, ready, updated, available, createdAt, ...rest };
    });
  const pods = cluster.pods.map(
    (pod): PodSummary => ({ ...pod, containers: pod.containers.map((container) => container.name) }),
  );
  return {
    cluster: 'default',
    version: 1,
    complete: true,
    asOf: REQUESTED_AT,
    problem: undefined,
    nodes: undefined,
    workloads: new Map(workloads.map((one) => [one.uid, one])),
    pods: new Map(pods.map((one) => [one.uid, one])),
    autoscalers: undefined,
    namespaces: [...cluster.namespaces].sort(),
  };
}

export function contextOf(cluster: FakeCluster, change: Partial<ActionContext> = {}): ActionContext {
  return {
    cluster,
    snapshot: snapshotOf(cluster),
    allowsNamespace: (namespace) => namespace !== 'kube-system',
    requestedAt: REQUESTED_AT,
    now: () => REQUESTED_AT,
    signal: new AbortController().signal,
    ...change,
  };
}

export function clusterWith(...workloads: Workload[]): FakeCluster {
  const cluster = createFakeCluster();
  cluster.workloads.push(...workloads);
  return cluster;
}

/** What the agent does when it applies a plan, without its fences. */
export function executeContextOf(cluster: FakeCluster, context: ActionContext): ExecuteContext {
  return {
    ...context,
    async apply(plan: Plan) {
      const ref = plan.target as WorkloadRef;
      const { resourceVersion } = await cluster.getWorkload(ref);
      const precondition = { resourceVersion, marker: MARKER };
      const { generation } = await cluster.patchWorkload(ref, plan.patch ?? {}, precondition);
      return { generation };
    },
  };
}

/**
 * Time that passes only while somebody waits: each wait moves the clock on by a minute and lets the next thing happen in
 * the cluster. After the last one nothing happens any more.
 */
export function createStory(scenes: readonly (() => void)[]) {
  let now = REQUESTED_AT;
  let next = 0;
  const pace: Pace = {
    pollMs: 60_000,
    stallMs: 10 * 60_000,
    rolloutStallMs: 60 * 60_000,
    awayMs: 60 * 60_000,
    async wait(ms, signal) {
      signal.throwIfAborted();
      now += ms;
      scenes[next++]?.();
    },
  };
  return { pace, now: () => now };
}

export async function planned(action: Action, context: ActionContext, input: unknown): Promise<Plan> {
  return action.plan(context, action.input.parse(input));
}

/** Executes the plan and follows it to its end. */
export async function carryOut(action: Action, cluster: FakeCluster, context: ActionContext, plan: Plan) {
  if (action.execute === undefined || action.follow === undefined) throw new Error(`${action.name} changes nothing`);
  const applied = await action.execute(executeContextOf(cluster, context), plan);
  return listen(action.follow({ ...context, applied } satisfies FollowContext, plan));
}

export async function listen(following: AsyncGenerator<Progress, Outcome>) {
  const said: Progress[] = [];
  for (;;) {
    const step = await following.next();
    if (step.done === true) return { said, texts: said.map(({ text }) => text), outcome: step.value };
    said.push(step.value);
  }
}
