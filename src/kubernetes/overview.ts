import type { WorkloadKind } from './cluster.ts';
import type { ClusterSnapshot } from './snapshot-reader.ts';

/** Something that a person should look at. `why` is one line, from the cluster: escape before showing. */
export interface Attention {
  kind: WorkloadKind | 'Pod' | 'Node';
  /** Empty for a node. */
  namespace: string;
  name: string;
  uid: string;
  why: string;
}

/** A cluster (or one namespace of it) at a glance. */
export interface Overview {
  cluster: string;
  namespace: string | undefined;
  complete: boolean;
  /** ms since the epoch. */
  asOf: number;
  problem: string | undefined;
  /** Undefined where opsbot may not list them. */
  nodes: { total: number; ready: number } | undefined;
  workloads: { total: number; healthy: number; degraded: number };
  pods: { total: number; byStatus: { status: string; count: number }[] };
  /**
   * Within the last hour, of pods that still exist. `restarts` is a lower bound: of a pod older than an hour only the
   * latest restart is known to be recent.
   */
  restarts: { pods: number; restarts: number };
  /** Worst first, at most `ATTENTION_LIMIT`; `attentionTotal` counts all. */
  attention: Attention[];
  attentionTotal: number;
}

export const ATTENTION_LIMIT = 50;

export function overviewOf(
  snapshot: ClusterSnapshot,
  options: { namespace?: string | undefined; now: number },
): Overview {
  return {
    cluster: snapshot.cluster,
    namespace: options.namespace,
    complete: snapshot.complete,
    asOf: snapshot.asOf,
    problem: snapshot.problem,
    nodes: snapshot.nodes && { total: snapshot.nodes.size, ready: 0 },
    workloads: { total: snapshot.workloads.size, healthy: 0, degraded: 0 },
    pods: { total: snapshot.pods.size, byStatus: [] },
    restarts: { pods: 0, restarts: 0 },
    attention: [],
    attentionTotal: 0,
  };
}
