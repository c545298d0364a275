import type { NodeSummary, PodSummary } from '../kubernetes/snapshot-reader.ts';
import { type AffectedPod, type Finding, PODS_NAMED } from './finding.ts';

type Condition = NonNullable<NodeSummary['signs']>['conditions'][number];

export function isNotReady({ signs }: NodeSummary): boolean {
  return signs?.conditions.some(saysNotReady) === true;
}

/** Findings about a node. `pods`: those that were put on it; they are what it hits, named with their namespace. */
export function detectNode(node: NodeSummary, pods: readonly PodSummary[]): Finding[] {
  const conditions = node.signs?.conditions ?? [];
  const notReady = conditions.filter(saysNotReady);
  const pressures = conditions.filter(({ type, status }) => type !== 'Ready' && status === 'True');
  if (notReady.length === 0 && pressures.length === 0) return [];
  const hit = pods.filter((pod) => !isDone(pod));
  const named = hit.toSorted(unreadyFirst).slice(0, PODS_NAMED).map(affectedPod);
  const finding = (kind: Finding['kind'], found: readonly Condition[], detail: string | undefined): Finding => ({
    kind,
    owner: { kind: 'Node', namespace: '', name: node.name },
    since: Math.min(...found.map(({ since }) => since)),
    at: Math.max(...found.map(({ since }) => since)),
    count: hit.length,
    pods: named,
    labels: { ...node.signs?.labels },
    ...(detail && { detail }),
  });
  const types = [...new Set(pressures.map(({ type }) => type))].sort().join(', ');
  return [
    ...(notReady.length > 0 ? [finding('node-not-ready', notReady, notReady[0]?.message ?? notReady[0]?.reason)] : []),
    ...(pressures.length > 0 ? [finding('node-pressure', pressures, types)] : []),
  ];
}

function saysNotReady({ type, status }: Condition): boolean {
  return type === 'Ready' && status !== 'True';
}

/** What has done its work, as the pods of Jobs, is still put down to the node, but loses nothing. */
function isDone({ status, signs }: PodSummary): boolean {
  return status === 'Completed' || status === 'Succeeded' || signs?.over === true;
}

function affectedPod({ namespace, name, status, restarts }: PodSummary): AffectedPod {
  return { name: `${namespace}/${name}`, reason: status, restarts };
}

function unreadyFirst(a: PodSummary, b: PodSummary): number {
  const name = ({ namespace, name, uid }: PodSummary) => `${namespace}/${name}\n${uid}`;
  return Number(a.isReady) - Number(b.isReady) || (name(a) < name(b) ? -1 : 1);
}
