import type { OwnerRef, WorkloadKind } from './cluster.ts';
import type { NodeSigns, PodSigns, RolloutSigns } from './signs.ts';

/**
 * The snapshot: an agent's small in-memory picture of its cluster, kept current by watches. Readers get plain data
 * and never cause an API call. Everything in it came from the cluster: escape before showing.
 */
export interface NodeSummary {
  name: string;
  uid: string;
  ready: boolean;
  /** `Ready`, `NotReady`, `NotReady (Unknown)`, plus pressure conditions, as people would say it. */
  status: string;
  unschedulable: boolean;
  /** In the agent's own process only, where there are any: not published. */
  signs?: NodeSigns | undefined;
}

export interface WorkloadSummary {
  uid: string;
  kind: WorkloadKind;
  namespace: string;
  name: string;
  /** Wanted by spec; ready, updated and available by status. */
  replicas: number;
  ready: number;
  updated: number;
  available: number;
  /** The controller has seen the newest spec. */
  observed: boolean;
  /** Controlled by another object (a Deployment's ReplicaSet). */
  owned: boolean;
  /** e.g. `ProgressDeadlineExceeded`. */
  problem: string | undefined;
  containers: string[];
  createdAt: number;
  /** Of a Deployment; in the agent's own process only. */
  rollout?: RolloutSigns | undefined;
}

export interface PodSummary {
  uid: string;
  namespace: string;
  name: string;
  status: string;
  ready: number;
  total: number;
  isReady: boolean;
  restarts: number;
  restartedAt: number | undefined;
  createdAt: number;
  node: string | undefined;
  owner: OwnerRef | undefined;
  containers: string[];
  /** In the agent's own process only, where there are any. */
  signs?: PodSigns | undefined;
}

export interface AutoscalerSummary {
  name: string;
  namespace: string;
  targetKind: string;
  targetName: string;
  min: number;
  max: number;
}

/**
 * Something that an agent does not do, because its account lacks a right. Plain text; the names in it come from the
 * configuration.
 */
export interface Shortfall {
  /** Name of the action that is off; absent: something that opsbot does by itself. */
  action?: string | undefined;
  /** `“Scale a workload” is off` */
  what: string;
  /** Sorted; absent: wherever opsbot is set up for. */
  namespaces?: readonly string[] | undefined;
  /** `opsbot may not patch deployments there` */
  why: string;
  /** What an admin can do about it, a sentence. */
  advice: string;
}

export interface ClusterSnapshot {
  cluster: string;
  /** Grows with each change of what it holds; unequal versions mean unequal content. */
  version: number;
  /** False until every list was complete once. */
  complete: boolean;
  /** ms since the epoch: the picture is known to have been right then. Grows while the watches are alive. */
  asOf: number;
  /** What keeps it from being current, in words for people (“the API server has not answered for 40 s”). */
  problem: string | undefined;
  /** Absent where opsbot may not list them. */
  nodes: ReadonlyMap<string, NodeSummary> | undefined;
  /** By UID. ReplicaSets that a Deployment owns are left out. */
  workloads: ReadonlyMap<string, WorkloadSummary>;
  /** By UID. */
  pods: ReadonlyMap<string, PodSummary>;
  /** By UID; absent where opsbot may not list them. */
  autoscalers: ReadonlyMap<string, AutoscalerSummary> | undefined;
  /** Sorted; from the namespaces list where opsbot may read it, else from what it watches. */
  namespaces: readonly string[];
  /** Absent: not known (yet). */
  shortfalls?: readonly Shortfall[] | undefined;
}

export interface SnapshotReader {
  /** The newest picture. UnavailableError where there is none at all (no agent has ever published one). */
  read(): Promise<ClusterSnapshot>;
  /** Calls back (coalesced, at most once a second) after the picture changed. Returns the way to stop it. */
  onChange(listener: () => void): () => void;
}
