/**
 * The cluster as actions see it: our words, plain data, no client library.
 *
 * Terms: a *workload* is a Deployment, StatefulSet, DaemonSet or ReplicaSet. A pod's *status* is the word that
 * `kubectl get pods` prints in its STATUS column. The *marker* is the annotation that names the opsbot request
 * which last changed a workload; it is written in the same patch as the change.
 */
export const WORKLOAD_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'] as const;
export type WorkloadKind = (typeof WORKLOAD_KINDS)[number];

/** Annotation on the workload itself (not on its pod template): `<request id>.<revision>`. */
export const MARKER_ANNOTATION = 'opsbot.dev/request';

export interface WorkloadRef {
  kind: WorkloadKind;
  namespace: string;
  name: string;
}

export interface OwnerRef {
  kind: string;
  name: string;
  uid: string;
}

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string | undefined;
  message: string | undefined;
}

export interface Workload extends WorkloadRef {
  uid: string;
  resourceVersion: string;
  generation: number;
  observedGeneration: number;
  /** `spec.replicas` (1 where absent); for a DaemonSet `status.desiredNumberScheduled`. */
  replicas: number;
  /** `status`: pods that exist, that run the newest template, that are ready, that are available. */
  current: number;
  updated: number;
  ready: number;
  available: number;
  /** The controlling owner, e.g. the Deployment of a ReplicaSet. */
  owner: OwnerRef | undefined;
  /** `spec.selector` as a label selector string. */
  selector: string;
  /** Regular containers of the pod template. */
  containers: { name: string; image: string }[];
  paused: boolean;
  /** `RollingUpdate`, `Recreate` or `OnDelete`. */
  strategy: string;
  /** StatefulSets: `status.updateRevision`/`currentRevision` differ while one rolls; partition of the strategy. */
  partition: number;
  conditions: Condition[];
  /** Value of MARKER_ANNOTATION. */
  marker: string | undefined;
  /** `kubectl.kubernetes.io/restartedAt` of the pod template. */
  restartedAt: string | undefined;
  createdAt: number;
}

export interface ContainerStatus {
  name: string;
  init: boolean;
  ready: boolean;
  restarts: number;
  state: 'waiting' | 'running' | 'terminated';
  /** e.g. CrashLoopBackOff, ImagePullBackOff, OOMKilled, Completed, Error. */
  reason: string | undefined;
  /** The kubelet's own words, e.g. the pull error. From another party: escape and mask before showing. */
  message: string | undefined;
  exitCode: number | undefined;
  /** How it ended before it was started again. */
  lastEnd: { reason: string; exitCode: number; at: number | undefined } | undefined;
  /** `resources.limits.memory`, as it is written: `256Mi`. */
  memoryLimit: string | undefined;
}

export interface Pod {
  namespace: string;
  name: string;
  uid: string;
  /** As `kubectl get pods` prints it: Running, CrashLoopBackOff, Init:0/1, Terminating, Completed, … */
  status: string;
  /** Ready containers, and how many there are (the READY column). */
  ready: number;
  total: number;
  restarts: number;
  /** ms since the epoch of the latest container restart. */
  restartedAt: number | undefined;
  /** ms since the epoch. */
  createdAt: number;
  node: string | undefined;
  owner: OwnerRef | undefined;
  containers: ContainerStatus[];
  /** PodScheduled=False message, where the pod waits for a node. */
  unschedulable: string | undefined;
  /** True once the Ready condition is True. */
  isReady: boolean;
  /** Set when deletion was asked for. */
  deleting: boolean;
  /** Value of the `pod-template-hash` or `controller-revision-hash` label. */
  templateHash: string | undefined;
}

/** One of the pod templates that a workload has had, as its ReplicaSet or ControllerRevision keeps it. */
export interface Revision {
  /** Counted up by the controller. */
  revision: number;
  /** ms since the epoch; of a template that was rolled back to, when it first was there. */
  createdAt: number;
  containers: { name: string; image: string }[];
}

/** A HorizontalPodAutoscaler that targets a workload and would undo a manual scale. */
export interface Autoscaler {
  name: string;
  min: number;
  max: number;
}

export interface ClusterEvent {
  type: string;
  reason: string;
  message: string;
  count: number;
  /** ms since the epoch. */
  lastSeen: number;
}

/** What opsbot itself says about a workload, for whoever looks at it with kubectl. */
export interface WorkloadEvent {
  /** Of the Event: there is only one of that name in the namespace. */
  name: string;
  workload: WorkloadRef & { uid: string };
  /** In CamelCase. */
  reason: string;
  message: string;
  /** The pod that says it. */
  instance: string;
  /** ms since the epoch. */
  at: number;
}

export interface LogOptions {
  container?: string | undefined;
  /** Lines from the end. */
  tail?: number | undefined;
  /** Seconds back from now. */
  sinceSeconds?: number | undefined;
  previous?: boolean | undefined;
  /** At most so many bytes, from the end. */
  limitBytes?: number | undefined;
}

/** A JSON merge patch of a workload's body; `metadata.resourceVersion` and the marker are added by `patchWorkload`. */
export type MergePatch = { [key: string]: JsonValue };
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** One right, in the words of a Role's rules. */
export interface Access {
  verb: string;
  group: string;
  resource: string;
  subresource?: string | undefined;
  /** Absent: objects of all names. */
  name?: string | undefined;
  /** Absent: cluster-wide. */
  namespace?: string | undefined;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
}

/**
 * Errors of every method: NotFoundError (names near to the one asked for are the caller's to add), NotAllowedError
 * (403; names the missing right), ConflictError (409), InputError (the API server refused the content), UnavailableError
 * (no connection, timeout, 5xx, 429).
 */
export interface Cluster {
  getWorkload(ref: WorkloadRef, options?: CallOptions): Promise<Workload>;
  /** Every workload of that name in the namespace, of whatever kind. Empty where there is none. */
  findWorkloads(namespace: string, name: string, options?: CallOptions): Promise<Workload[]>;
  getPod(namespace: string, name: string, options?: CallOptions): Promise<Pod>;
  /** Pods of a namespace, of a label selector where given. */
  listPods(namespace: string, selector?: string, options?: CallOptions): Promise<Pod[]>;
  /** Text of the log; a container without a log yet raises InputError with the API server's own reason. */
  readLogs(namespace: string, pod: string, log: LogOptions, options?: CallOptions): Promise<string>;
  /** The HPA that targets this workload, if any; undefined too where opsbot may not list HPAs. */
  findAutoscaler(ref: WorkloadRef, options?: CallOptions): Promise<Autoscaler | undefined>;
  /** Events of one object, newest first; empty where opsbot may not list them. */
  listEvents(namespace: string, uid: string, options?: CallOptions): Promise<ClusterEvent[]>;
  /** ConflictError where there is one of that name. */
  createEvent(event: WorkloadEvent, options?: CallOptions): Promise<void>;
  /** Pod templates of a Deployment, newest first; empty for other kinds, and where opsbot may not list them. */
  listRevisions(
    workload: Pick<Workload, 'kind' | 'namespace' | 'uid' | 'selector'>,
    options?: CallOptions,
  ): Promise<Revision[]>;
  /**
   * Merge-patches the workload, conditional on `resourceVersion`, writing `marker` in the same patch.
   * ConflictError where the resourceVersion has moved on.
   */
  patchWorkload(
    ref: WorkloadRef,
    patch: MergePatch,
    precondition: { resourceVersion: string; marker: string },
    options?: CallOptions,
  ): Promise<Workload>;
  /** SelfSubjectAccessReview of one right. */
  can(access: Access, options?: CallOptions): Promise<boolean>;
}
