/**
 * The parts of the API's objects that opsbot reads. They come from outside: everything may be absent, lists may be null.
 */
export interface RawMeta {
  name?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string | null;
  deletionTimestamp?: string;
  labels?: Record<string, string> | null;
  annotations?: Record<string, string> | null;
  ownerReferences?: { kind?: string; name?: string; uid?: string; controller?: boolean }[] | null;
}

export interface RawObject {
  metadata?: RawMeta;
}

export interface RawCondition {
  type?: string;
  status?: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string | null;
  /** Of a Deployment's conditions: when something last got on. */
  lastUpdateTime?: string | null;
}

export interface RawContainer {
  name?: string;
  image?: string;
  restartPolicy?: string;
  resources?: { limits?: { memory?: string } | null } | null;
}

export interface RawTermination {
  exitCode?: number;
  signal?: number;
  reason?: string;
  message?: string;
  startedAt?: string | null;
  finishedAt?: string | null;
}

export interface RawContainerStatus {
  name?: string;
  ready?: boolean;
  started?: boolean | null;
  restartCount?: number;
  state?: {
    waiting?: { reason?: string; message?: string };
    running?: { startedAt?: string | null };
    terminated?: RawTermination;
  };
  lastState?: { terminated?: RawTermination };
}

export interface RawPod extends RawObject {
  spec?: {
    nodeName?: string;
    containers?: RawContainer[] | null;
    initContainers?: RawContainer[] | null;
  };
  status?: {
    phase?: string;
    reason?: string;
    conditions?: RawCondition[] | null;
    containerStatuses?: RawContainerStatus[] | null;
    initContainerStatuses?: RawContainerStatus[] | null;
  };
}

export interface RawSelector {
  matchLabels?: Record<string, string> | null;
  matchExpressions?: { key?: string; operator?: string; values?: string[] | null }[] | null;
}

export interface RawWorkload extends RawObject {
  spec?: {
    replicas?: number | null;
    paused?: boolean;
    selector?: RawSelector | null;
    strategy?: { type?: string };
    updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } | null };
    template?: { metadata?: RawMeta; spec?: { containers?: RawContainer[] | null } };
  };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    currentNumberScheduled?: number;
    desiredNumberScheduled?: number;
    updatedNumberScheduled?: number;
    numberReady?: number;
    numberAvailable?: number;
    conditions?: RawCondition[] | null;
  };
}

export interface RawNode extends RawObject {
  spec?: { unschedulable?: boolean };
  status?: { conditions?: RawCondition[] | null };
}

export interface RawJob extends RawObject {
  status?: { conditions?: RawCondition[] | null; completionTime?: string | null };
}

export interface RawAutoscaler extends RawObject {
  spec?: { minReplicas?: number; maxReplicas?: number; scaleTargetRef?: { kind?: string; name?: string } };
}

export interface RawEvent extends RawObject {
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  series?: { count?: number; lastObservedTime?: string | null } | null;
}

/** ms since the epoch; undefined where it is no date. */
export function timeOf(text: string | null | undefined): number | undefined {
  const time = text ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
