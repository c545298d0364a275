import type { WorkloadKind } from '../kubernetes/cluster.ts';

const KINDS: Readonly<Record<WorkloadKind | 'Pod', readonly string[]>> = {
  Deployment: ['deploy', 'deployment', 'deployments'],
  StatefulSet: ['sts', 'statefulset', 'statefulsets'],
  DaemonSet: ['ds', 'daemonset', 'daemonsets'],
  ReplicaSet: ['rs', 'replicaset', 'replicasets'],
  Pod: ['po', 'pod', 'pods'],
};

const BY_WORD = new Map(
  Object.entries(KINDS).flatMap(([kind, words]) => words.map((word) => [word, kind as WorkloadKind | 'Pod'] as const)),
);

/** Long enough that a word near to one of them is far more likely a typing error than a name. */
export const LONG_KIND_WORDS: readonly string[] = [...BY_WORD.keys()].filter((word) => word.length >= 9);

/** `deploy`, `STS`, `deployments.apps` → the kind; undefined for any other word. */
export function readKind(word: string): WorkloadKind | 'Pod' | undefined {
  return BY_WORD.get(word.toLowerCase().replace(/\.apps$/, ''));
}
