import type { Trouble, WorkloadRef, WorkloadSlice } from '../../../wire.ts';

/** Whether people should look at it first. What is only starting or ending is not in trouble. */
export const isInTrouble = ({ trouble, pods }: WorkloadSlice): boolean =>
  trouble !== undefined || pods.some(({ colour }) => colour === 'bad');

/** Namespaces in the order in which they come, each with its workloads. */
export const byNamespace = (workloads: readonly WorkloadSlice[]): [string, WorkloadSlice[]][] => [
  ...Map.groupBy(workloads, ({ namespace }) => namespace),
];

export const keyOf = ({ kind, namespace, name }: WorkloadRef): string => `${kind}/${namespace}/${name}`;

const SHORT: Record<string, string> = { Deployment: 'deploy', StatefulSet: 'sts', DaemonSet: 'ds' };

/** As kubectl abbreviates it. */
export const shortKind = (kind: string): string => SHORT[kind] ?? kind;

export const TROUBLE_WORDS: Record<Trouble, string> = {
  crash: 'crashing',
  oom: 'out of memory',
  break: 'image broken',
};
