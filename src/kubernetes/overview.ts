import { type Attention, createAttentionList, isDegraded } from './attention.ts';
import { classOf, STATUS_CLASSES } from './pod-status.ts';
import type { ClusterSnapshot, NodeSummary, PodSummary, WorkloadSummary } from './snapshot-reader.ts';

/** A cluster (or one namespace of it) at a glance. */
export interface Overview {
  cluster: string;
  /** Undefined: all of them. Nodes are the cluster's in any case. */
  namespace: string | undefined;
  /** False until the picture has been complete once: the numbers are too small. */
  complete: boolean;
  /** ms since the epoch. */
  asOf: number;
  problem: string | undefined;
  /** Undefined where opsbot may not list them. */
  nodes: { total: number; ready: number; cordoned: number } | undefined;
  /** Degraded: fewer pods ready than wanted, or its controller reports a problem. */
  workloads: { total: number; healthy: number; degraded: number };
  /** `byStatus`: worst first. `notReady`: Running, but not Ready. */
  pods: { total: number; notReady: number; byStatus: { status: string; count: number }[] };
  /**
   * Within the last hour, of pods that still exist. `restarts` is a lower bound: of a pod older than an hour only the
   * latest restart is known to be recent.
   */
  restarts: { pods: number; restarts: number };
  /** Worst first, at most ATTENTION_LIMIT of them; `attentionTotal` counts all. */
  attention: Attention[];
  attentionTotal: number;
}

export const ATTENTION_LIMIT = 50;
const HOUR_MS = 3_600_000;

export function overviewOf(
  snapshot: ClusterSnapshot,
  { namespace, now }: { namespace?: string | undefined; now: number },
): Overview {
  const attention = createAttentionList(snapshot, now);
  const pods = countPods(snapshot.pods.values(), namespace, now, attention.see);
  const workloads = topLevel(snapshot.workloads.values(), namespace);
  const degraded = workloads.filter(isDegraded).length;
  const found = attention.list(workloads, snapshot.nodes?.values() ?? []);
  return {
    cluster: snapshot.cluster,
    namespace,
    complete: snapshot.complete,
    asOf: snapshot.asOf,
    problem: snapshot.problem,
    nodes: snapshot.nodes && countNodes(snapshot.nodes.values()),
    workloads: { total: workloads.length, healthy: workloads.length - degraded, degraded },
    pods: { total: pods.total, notReady: pods.notReady, byStatus: sorted(pods.byStatus) },
    restarts: { pods: pods.restarted, restarts: pods.restarts },
    attention: found.slice(0, ATTENTION_LIMIT),
    attentionTotal: found.length,
  };
}

function countPods(
  pods: Iterable<PodSummary>,
  namespace: string | undefined,
  now: number,
  see: (pod: PodSummary) => void,
) {
  const counts = { total: 0, notReady: 0, restarted: 0, restarts: 0, byStatus: new Map<string, number>() };
  const hourAgo = now - HOUR_MS;
  for (const pod of pods) {
    if (namespace !== undefined && pod.namespace !== namespace) continue;
    counts.total += 1;
    counts.byStatus.set(pod.status, (counts.byStatus.get(pod.status) ?? 0) + 1);
    if (!pod.isReady && pod.status === 'Running') counts.notReady += 1;
    if (pod.restartedAt !== undefined && pod.restartedAt >= hourAgo) {
      counts.restarted += 1;
      counts.restarts += pod.createdAt >= hourAgo ? pod.restarts : 1;
    }
    see(pod);
  }
  return counts;
}

function topLevel(workloads: Iterable<WorkloadSummary>, namespace: string | undefined): WorkloadSummary[] {
  const kept: WorkloadSummary[] = [];
  for (const workload of workloads) {
    if (workload.owned || (namespace !== undefined && workload.namespace !== namespace)) continue;
    kept.push(workload);
  }
  return kept;
}

function countNodes(nodes: Iterable<NodeSummary>) {
  const counts = { total: 0, ready: 0, cordoned: 0 };
  for (const node of nodes) {
    counts.total += 1;
    if (node.ready) counts.ready += 1;
    if (node.unschedulable) counts.cordoned += 1;
  }
  return counts;
}

function sorted(byStatus: ReadonlyMap<string, number>): { status: string; count: number }[] {
  const order = (status: string) => STATUS_CLASSES.indexOf(classOf(status));
  return [...byStatus]
    .map(([status, count]) => ({ status, count }))
    .sort((a, b) => order(a.status) - order(b.status) || b.count - a.count || (a.status < b.status ? -1 : 1));
}
