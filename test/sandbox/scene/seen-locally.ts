import type { OwnerRef } from '../../../src/kubernetes/cluster.ts';
import { createInterner } from '../../../src/kubernetes/interner.ts';
import { controllerOf } from '../../../src/kubernetes/project-meta.ts';
import { summarizeNode, summarizePod, summarizeWorkload } from '../../../src/kubernetes/summaries.ts';
import type { LocalCluster } from '../../support/cluster/local-cluster-contract.ts';
import type { Seen } from './picture.ts';

const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

/** What is in the local cluster, out of its own store: also while its API server does not answer. */
export function seenLocally({ list }: Pick<LocalCluster, 'list'>): Seen {
  const intern = createInterner();
  const deployments = new Map(list('ReplicaSet').map(({ metadata }) => [metadata.uid, controllerOf(metadata)]));
  const topOwner = (owner: OwnerRef) => deployments.get(owner.uid) ?? owner;
  return {
    workloads: KINDS.flatMap((kind) => list(kind).map((object) => summarizeWorkload(kind, object, intern))),
    pods: list('Pod').map((pod) => summarizePod(pod, intern, topOwner)),
    nodes: list('Node').map((node) => summarizeNode(node, intern)),
  };
}
