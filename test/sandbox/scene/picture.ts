import { isDegraded } from '../../../src/kubernetes/attention.ts';
import { classOf } from '../../../src/kubernetes/pod-status.ts';
import type { NodeSummary, PodSummary, WorkloadSummary } from '../../../src/kubernetes/snapshot-reader.ts';
import type {
  ClusterSlice,
  NodeSlice,
  PodColour,
  PodSlice,
  Trouble,
  WorkloadRef,
  WorkloadSlice,
} from '../page/wire.ts';

/** What there is in a cluster, as opsbot itself sums it up. A Deployment's pods have the Deployment as their owner. */
export interface Seen {
  workloads: Iterable<WorkloadSummary>;
  pods: Iterable<PodSummary>;
  /** Undefined where they may not be listed. */
  nodes: readonly NodeSummary[] | undefined;
}

export type Picture = Pick<ClusterSlice, 'workloads' | 'moreWorkloads' | 'nodes'>;

export const WORKLOADS_SHOWN = 60;
/** Of one workload. */
export const PODS_SHOWN = 40;

const KINDS: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** What the panel shows of it. Where that is too much, those in trouble are kept. */
export function pictureOf(seen: Seen, troubleOf: (workload: WorkloadRef) => Trouble | undefined): Picture {
  const pods = [...seen.pods];
  const podsByOwner = Map.groupBy(pods, ({ owner }) => owner?.uid);
  const sickNodes = new Set((seen.nodes ?? []).flatMap(({ name, ready }) => (ready ? [] : [name])));
  const slice = (workload: WorkloadSummary): Judged => {
    const own = (podsByOwner.get(workload.uid) ?? []).toSorted(olderFirst).map((pod) => podSlice(pod, sickNodes));
    const shown = keep(own, PODS_SHOWN, ({ colour }) => colour === 'bad');
    const { kind, namespace, name, replicas: wanted, ready } = workload;
    const trouble = troubleOf({ kind, namespace, name });
    return {
      isSick: isDegraded(workload) || own.some(({ colour }) => colour === 'bad'),
      slice: { kind, namespace, name, wanted, ready, pods: shown, morePods: own.length - shown.length, trouble },
    };
  };
  const workloads = [...seen.workloads]
    .filter(({ kind, owned }) => KINDS.includes(kind) && !owned)
    .sort(byPlace)
    .map(slice);
  const shown = keep(workloads, WORKLOADS_SHOWN, ({ isSick }) => isSick);
  return {
    workloads: shown.map((judged) => judged.slice),
    moreWorkloads: workloads.length - shown.length,
    nodes: seen.nodes && nodeSlices(seen.nodes, pods),
  };
}

interface Judged {
  isSick: boolean;
  slice: WorkloadSlice;
}

function podSlice(pod: PodSummary, sickNodes: ReadonlySet<string>): PodSlice {
  const { name, status, restarts, node } = pod;
  return { name, colour: colourOf(pod, node !== undefined && sickNodes.has(node)), status, restarts, node };
}

function colourOf({ status, isReady, signs }: PodSummary, isOnSickNode: boolean): PodColour {
  if (status === 'Terminating') return 'ending';
  switch (classOf(status)) {
    case 'crashing':
    case 'image':
    case 'config':
    case 'failed':
    case 'lost':
      return 'bad';
    case 'done':
      return 'done';
    case 'waiting':
    case 'running':
    case 'other':
      if (isOnSickNode || signs?.unschedulable) return 'bad';
      return isReady ? 'good' : 'starting';
  }
}

function nodeSlices(nodes: readonly NodeSummary[], pods: readonly PodSummary[]): NodeSlice[] {
  const podsByNode = Map.groupBy(pods, ({ node }) => node);
  return nodes
    .toSorted((a, b) => compare(a.name, b.name))
    .map(({ name, ready, status }) => ({ name, ready, status, pods: podsByNode.get(name)?.length ?? 0 }));
}

/** At most so many, in the order they have; those in need first. */
function keep<T>(all: T[], most: number, isInNeed: (one: T) => boolean): T[] {
  if (all.length <= most) return all;
  const inNeed = all.filter(isInNeed);
  const others = all.filter((one) => !isInNeed(one));
  const kept = new Set([...inNeed, ...others].slice(0, most));
  return all.filter((one) => kept.has(one));
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

function olderFirst(a: PodSummary, b: PodSummary): number {
  return a.createdAt - b.createdAt || compare(a.name, b.name);
}

function byPlace(a: WorkloadSummary, b: WorkloadSummary): number {
  return compare(a.namespace, b.namespace) || compare(a.kind, b.kind) || compare(a.name, b.name);
}
