import type { WorkloadKind } from './cluster.ts';
import { classOf, type StatusClass } from './pod-status.ts';
import type { ClusterSnapshot, NodeSummary, PodSummary, WorkloadSummary } from './snapshot-reader.ts';

/** Something that a person should look at. `why` is one line with words from the cluster: escape before showing. */
export interface Attention {
  kind: WorkloadKind | 'Pod' | 'Node';
  /** Empty for a node. */
  namespace: string;
  name: string;
  uid: string;
  why: string;
}

/** Pods that wait for a node or an image for longer than this need a look. */
const WAITING_TOO_LONG_MS = 2 * 60_000;

/** The order of the list: an outage first, then what stops pods, then what only slows them. */
const RANK = {
  outage: 0,
  crashing: 1,
  image: 2,
  config: 3,
  failed: 4,
  rollout: 5,
  node: 6,
  lost: 7,
  waiting: 8,
  degraded: 9,
  leftover: 10,
} as const;
type Rank = (typeof RANK)[keyof typeof RANK];

interface Ranked {
  rank: Rank;
  /** Pods that are missing or in trouble. */
  weight: number;
  item: Attention;
}

/** Troubled pods with one owner. */
interface Group {
  first: PodSummary;
  rank: Rank;
  byStatus: Map<string, number>;
  count: number;
}

export interface AttentionList {
  /** Tell it about every pod once. */
  see(pod: PodSummary): void;
  /** Worst first; the same picture gives the same order. */
  list(workloads: Iterable<WorkloadSummary>, nodes: Iterable<NodeSummary>): Attention[];
}

/** Collects troubled pods under the workload that owns them, in one pass over the pods. */
export function createAttentionList(snapshot: ClusterSnapshot, now: number): AttentionList {
  const ownerOf = createOwnerLookup(snapshot);
  const groups = new Map<string, Group>();

  function see(pod: PodSummary): void {
    const status = classOf(pod.status);
    if (!isTrouble(pod, status, now)) return;
    const owner = ownerOf(pod);
    const key = owner?.uid ?? pod.owner?.uid ?? pod.uid;
    const rank = rankOf(status, owner !== undefined);
    const group = groups.get(key);
    if (!group) {
      groups.set(key, { first: pod, rank, byStatus: new Map([[pod.status, 1]]), count: 1 });
      return;
    }
    group.count += 1;
    group.byStatus.set(pod.status, (group.byStatus.get(pod.status) ?? 0) + 1);
    if (rank < group.rank) group.rank = rank;
  }

  function list(workloads: Iterable<WorkloadSummary>, nodes: Iterable<NodeSummary>): Attention[] {
    const ranked: Ranked[] = [];
    const claimed = new Set<string>();
    for (const workload of workloads) {
      claimed.add(workload.uid);
      const entry = workloadEntry(workload, groups.get(workload.uid));
      if (entry) ranked.push(entry);
    }
    for (const [key, group] of groups) if (!claimed.has(key)) ranked.push(podEntry(group));
    for (const node of nodes) if (!node.ready) ranked.push(nodeEntry(node));
    return ranked.sort(worseFirst).map(({ item }) => item);
  }

  return { see, list };
}

/** Fewer pods ready than wanted, or the controller itself reports a problem. */
export function isDegraded(workload: WorkloadSummary): boolean {
  return workload.ready < workload.replicas || workload.problem !== undefined;
}

/** A Deployment's pods belong to a ReplicaSet that the snapshot leaves out: `<deployment>-<hash>`. */
function createOwnerLookup(snapshot: ClusterSnapshot): (pod: PodSummary) => WorkloadSummary | undefined {
  let deployments: Map<string, WorkloadSummary> | undefined;
  return ({ namespace, owner }) => {
    if (!owner) return undefined;
    const direct = snapshot.workloads.get(owner.uid);
    if (direct || owner.kind !== 'ReplicaSet') return direct;
    deployments ??= deploymentsByName(snapshot);
    return deployments.get(`${namespace}/${owner.name.slice(0, owner.name.lastIndexOf('-'))}`);
  };
}

function deploymentsByName(snapshot: ClusterSnapshot): Map<string, WorkloadSummary> {
  const byName = new Map<string, WorkloadSummary>();
  for (const workload of snapshot.workloads.values()) {
    if (workload.kind === 'Deployment') byName.set(`${workload.namespace}/${workload.name}`, workload);
  }
  return byName;
}

function isTrouble(pod: PodSummary, status: StatusClass, now: number): boolean {
  switch (status) {
    case 'crashing':
    case 'image':
    case 'config':
    case 'failed':
    case 'lost':
      return true;
    case 'waiting':
      return now - pod.createdAt > WAITING_TOO_LONG_MS;
    case 'other':
    case 'running':
    case 'done':
      return false;
  }
}

function rankOf(status: StatusClass, hasWorkload: boolean): Rank {
  switch (status) {
    case 'crashing':
      return RANK.crashing;
    case 'image':
      return RANK.image;
    case 'config':
      return RANK.config;
    case 'failed':
      // A Job's or a bare pod's end stays visible for days; a workload's pod is about to crash again.
      return hasWorkload ? RANK.failed : RANK.leftover;
    case 'lost':
      return RANK.lost;
    case 'waiting':
      return RANK.waiting;
    case 'other':
    case 'running':
    case 'done':
      return RANK.leftover;
  }
}

function workloadEntry(workload: WorkloadSummary, group: Group | undefined): Ranked | undefined {
  const { kind, namespace, name, uid, replicas, ready, updated, problem } = workload;
  if (!group && !isDegraded(workload)) return undefined;
  const words = [`${ready} of ${replicas} ready`];
  if (group) words.push(troubles(group));
  if (problem !== undefined) words.push(problem);
  else if (updated < replicas) words.push(`${updated} of ${replicas} updated`);
  return {
    rank: workloadRank(workload, group),
    weight: Math.max(replicas - ready, group?.count ?? 0),
    item: { kind, namespace, name, uid, why: words.join(', ') },
  };
}

function workloadRank(workload: WorkloadSummary, group: Group | undefined): Rank {
  const { replicas, ready, problem } = workload;
  if (replicas > 0 && ready === 0) return RANK.outage;
  // Dead pods that were replaced long ago (an eviction, a node that shut down) are litter, not trouble.
  if (group?.rank === RANK.failed && !isDegraded(workload)) return RANK.leftover;
  const own = problem !== undefined ? RANK.rollout : RANK.degraded;
  return group && group.rank < own ? group.rank : own;
}

function podEntry(group: Group): Ranked {
  const { namespace, name, uid, status, owner } = group.first;
  const others = group.count - 1;
  const why =
    others === 0
      ? status
      : `${troubles(group)}; ${others} more ${others === 1 ? 'pod' : 'pods'} of ${owner?.kind} ${owner?.name}`;
  return { rank: group.rank, weight: group.count, item: { kind: 'Pod', namespace, name, uid, why } };
}

function nodeEntry({ name, uid, status }: NodeSummary): Ranked {
  return { rank: RANK.node, weight: 1, item: { kind: 'Node', namespace: '', name, uid, why: status } };
}

/** `3 CrashLoopBackOff, 1 Pending` */
function troubles(group: Group): string {
  const counts = [...group.byStatus].sort((a, b) => b[1] - a[1]);
  return counts
    .slice(0, 3)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ');
}

function worseFirst(a: Ranked, b: Ranked): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.weight !== b.weight) return b.weight - a.weight;
  const left = `${a.item.namespace}/${a.item.name}/${a.item.kind}`;
  const right = `${b.item.namespace}/${b.item.name}/${b.item.kind}`;
  return left < right ? -1 : left > right ? 1 : 0;
}
