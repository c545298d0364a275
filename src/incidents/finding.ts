import { z } from 'zod';

/**
 * A finding is one kind of trouble of one owner, as the agent sees it now: “3 pods of Deployment shop/web are in
 * CrashLoopBackOff”. The agent tells its complete set; the hub makes incidents of it. Times are ms since the epoch and
 * from the agent's side; words are the cluster's, cleaned and masked by the agent: still to be escaped.
 */
export const FINDING_KINDS = [
  'node-not-ready',
  'node-pressure',
  'oom-killed',
  'crash-loop',
  'image-pull',
  'config-error',
  'unschedulable',
  'job-failed',
  'rollout-stuck',
  'rollout-complete',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export const SEVERITIES = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const SEVERITY_OF: Readonly<Record<FindingKind, Severity>> = {
  'node-not-ready': 'critical',
  'node-pressure': 'warning',
  'oom-killed': 'critical',
  'crash-loop': 'critical',
  'image-pull': 'warning',
  'config-error': 'warning',
  unschedulable: 'warning',
  'job-failed': 'warning',
  'rollout-stuck': 'critical',
  'rollout-complete': 'info',
};

/**
 * What lies behind a finding. Kinds with the same cause are one incident: a container that is killed for want of memory
 * ends in CrashLoopBackOff, and a node under pressure may stop being ready.
 */
export const CAUSES = ['node', 'crash', 'image', 'config', 'unschedulable', 'job', 'rollout', 'rolled-out'] as const;
export type Cause = (typeof CAUSES)[number];

export const CAUSE_OF: Readonly<Record<FindingKind, Cause>> = {
  'node-not-ready': 'node',
  'node-pressure': 'node',
  'oom-killed': 'crash',
  'crash-loop': 'crash',
  'image-pull': 'image',
  'config-error': 'config',
  unschedulable: 'unschedulable',
  'job-failed': 'job',
  'rollout-stuck': 'rollout',
  'rollout-complete': 'rolled-out',
};

/** Pods named in a finding; the count says how many there are. */
export const PODS_NAMED = 5;

const text = (max: number) => z.string().max(max);
const time = z.number().int().nonnegative();

const ownerSchema = z.object({
  /** Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob, Pod, Node, or a kind that opsbot does not know. */
  kind: text(63).min(1),
  /** Empty for a node. */
  namespace: text(63),
  name: text(253).min(1),
});
/** Whom people know it by: the workload at the top, a bare pod, a node. By name, so that a successor is the same. */
export type Owner = z.infer<typeof ownerSchema>;

const affectedPodSchema = z.object({
  name: text(253),
  node: text(253).optional(),
  container: text(253).optional(),
  init: z.boolean().optional(),
  /** The cluster's word: CrashLoopBackOff, OOMKilled, ErrImagePull, … */
  reason: text(200),
  exitCode: z.number().int().optional(),
  restarts: z.number().int().nonnegative(),
  message: text(500).optional(),
});
export type AffectedPod = z.infer<typeof affectedPodSchema>;

export const findingSchema = z.object({
  kind: z.enum(FINDING_KINDS),
  owner: ownerSchema,
  /** When it began, by the cluster's own stamps. */
  since: time,
  /** Its latest sign: the last kill, the last transition. A later one is a new occurrence. */
  at: time,
  /** It is over since then (a killed container runs again, a rollout is complete); still told for a while, so that it is not missed. */
  calmSince: time.optional(),
  /** Pods that it hits now (hit, where it is over); of a node: the pods on it. 0 for a Job or a rollout: it is about the owner. */
  count: z.number().int().nonnegative(),
  /** The worst of them; on a node as `namespace/name`. Only the first brings its message: the others' say the same. */
  pods: z.array(affectedPodSchema).max(PODS_NAMED),
  labels: z.record(text(320), text(63)),
  /** The cluster's words about the owner itself: a condition's message. */
  detail: text(500).optional(),
  /** The rollout that it is about, by the Deployment's revision. */
  revision: text(20).optional(),
});
export type Finding = z.infer<typeof findingSchema>;

/** Names a finding within its cluster. */
export function findingKey({ kind, owner }: Pick<Finding, 'kind' | 'owner'>): string {
  return `${kind}/${ownerKey(owner)}`;
}

export function ownerKey({ kind, namespace, name }: Owner): string {
  return `${kind}/${namespace}/${name}`;
}

/** What an agent has told last of its cluster. */
export interface Picture {
  cluster: string;
  findings: readonly Finding[];
  /** The findings are known to be right as of then: an incident is over only by this clock. */
  asOf: number;
  /** Namespaces that the agent may not read just now: that nothing is found there says nothing. Absent: none. */
  unseen?: readonly string[] | undefined;
  /** When the agent last saw them change. Later than `asOf` while a quiet part of the cluster has not been heard of. */
  changedAt: number;
  /** When the agent that tells this began to. */
  watchingSince: number;
  /** Until when another had told before; undefined: nobody ever had. */
  watchedUntil: number | undefined;
}
