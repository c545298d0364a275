import type { OwnerRef } from './cluster.ts';
import type { NodeSummary, PodSummary, WorkloadSummary } from './snapshot-reader.ts';

/**
 * Signs: what the cluster itself states of an object that may mean trouble. Facts only; judging them is left to
 * src/incidents. Only objects that show any carry them, so a healthy cluster costs nothing. All words are the
 * cluster's: mask and escape before showing. Times are ms since the epoch, from the cluster's own stamps.
 */

/**
 * A container that waits for more than its start, that the kernel killed for want of memory, or that runs again between
 * two crashes: then it ended, after a run of less than ten minutes, at least for the second time.
 */
export interface ContainerSign {
  container: string;
  /** A step before the others. A native sidecar is none. */
  init: boolean;
  state: 'waiting' | 'running' | 'terminated';
  /** What it waits for: CrashLoopBackOff, ImagePullBackOff, CreateContainerConfigError, … */
  reason: string | undefined;
  /** The kubelet's words, at most 500 characters. */
  message: string | undefined;
  restarts: number;
  /**
   * Where it runs (again). In state `terminated`: it was started again after the kill, and then came to a good end, as an
   * init container does.
   */
  runningSince: number | undefined;
  /** How it ended: now, or before it was started again; of the two the kill, where one was. */
  ended: { reason: string; exitCode: number; at: number | undefined } | undefined;
}

export interface PodSigns {
  labels: Readonly<Record<string, string>>;
  containers: readonly ContainerSign[];
  /** PodScheduled=False for reason Unschedulable: since when, and the scheduler's words (at most 500 characters). */
  unschedulable: { since: number; message: string } | undefined;
  /** Phase Failed or Succeeded: nothing will run in it any more. */
  over: boolean;
}

/** A condition that is not as it should be: Ready that is not True, or a pressure that is. */
export interface NodeCondition {
  type: 'Ready' | 'MemoryPressure' | 'DiskPressure' | 'PIDPressure';
  status: 'True' | 'False' | 'Unknown';
  reason: string | undefined;
  message: string | undefined;
  since: number;
}

export interface NodeSigns {
  labels: Readonly<Record<string, string>>;
  conditions: readonly NodeCondition[];
}

/** How a Deployment's newest rollout stands, as its condition Progressing tells. */
export interface RolloutSigns {
  labels: Readonly<Record<string, string>>;
  /** Annotation `deployment.kubernetes.io/revision`. */
  revision: string | undefined;
  /** ProgressDeadlineExceeded. */
  stuck: { since: number; message: string | undefined } | undefined;
  /** NewReplicaSetAvailable, and the controller has seen the newest spec. */
  completedAt: number | undefined;
}

export interface JobSummary {
  uid: string;
  namespace: string;
  name: string;
  /** Its CronJob, or whatever else controls it. */
  owner: OwnerRef | undefined;
  labels: Readonly<Record<string, string>>;
  /** Condition Failed. */
  failed: { at: number; reason: string | undefined; message: string | undefined } | undefined;
  /** Condition Complete. */
  completedAt: number | undefined;
  createdAt: number;
}

/** Everything that shows signs, as of now. Plain data that does not change under the reader's hands. */
export interface SignsPicture {
  /** False until every list was complete once, and where nothing that is needed may be read. */
  complete: boolean;
  /** ms since the epoch: it is known to have been right then. Grows while the watches are alive. */
  asOf: number;
  /** Namespaces that opsbot is set up for but may not (fully) read: that nothing shows there says nothing. */
  unseen: readonly string[];
  /** With `signs`; none that is being deleted. */
  pods: readonly PodSummary[];
  /** With `signs`. */
  nodes: readonly NodeSummary[];
  /** Deployments with `rollout`. */
  workloads: readonly WorkloadSummary[];
  jobs: readonly JobSummary[];
  /** The pods that are on a node as of the first call, troubled or not. */
  podsOn(node: string): readonly PodSummary[];
}

export interface SignsReader {
  read(): SignsPicture;
  /** Calls back after something in the picture changed: at once, then at most every 100 ms. Returns the way to stop it. */
  onChange(listener: () => void): () => void;
}
