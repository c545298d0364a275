import type { Diagnosis } from './diagnosis.ts';
import type { Cause, Finding, FindingKind, Owner, Severity } from './finding.ts';

/**
 * An incident: all findings with one cause and one owner, shown as one message and its thread. Only the hub writes it.
 *
 *   open ⇄ recovering ─ resolved ─ open (a relapse within the cooldown: the same incident, its next episode)
 *
 * `recovering`: no trouble to be seen, not yet for long enough to be believed.
 */
export type IncidentState = 'open' | 'recovering' | 'resolved';

export interface Incident {
  /** `i-k7m2q`. */
  id: string;
  /** Grows with each change. */
  version: number;
  cluster: string;
  cause: Cause;
  owner: Owner;
  state: IncidentState;
  /** The leading kind: the gravest of what is found, or of what was found last. */
  kind: FindingKind;
  severity: Severity;
  /** As they are, the leading one first; where the trouble is over, as they were last. */
  findings: readonly Finding[];
  /** The most pods that were hit at once in this episode. */
  peak: number;
  /** 1, and one more with each relapse. */
  episode: number;
  /** When this episode's trouble began, by the cluster's stamps. ms since the epoch, as all times here. */
  since: number;
  /** When opsbot noticed this episode. */
  noticedAt: number;
  /**
   * It began while nobody watched: then it was noticed on coming back. `from`: when watching had stopped; undefined where
   * opsbot watched for the first time.
   */
  late: { from: number | undefined; to: number } | undefined;
  /** No trouble since then, by the agent's clock. */
  calmSince: number | undefined;
  resolvedAt: number | undefined;
  /** Where it is shown. */
  channel: string;
  /** Somebody is on it. */
  acknowledged: { user: string; at: number } | undefined;
  /** Nothing new is posted about it until then; what is posted stays true. */
  silence: { until: number; by: string } | undefined;
  /** Evidence of this episode: asked for since, there, or given up. Asked for anew where the reason was found later. */
  diagnosis: { state: 'none' } | { state: 'wanted'; since: number } | { state: 'done' } | { state: 'failed' };
  /** The story for the thread, oldest first; the latest 50. */
  notes: readonly IncidentNote[];
}

export type IncidentNote = {
  /** 1, 2, 3, … within the incident. */
  seq: number;
  at: number;
} & (
  | { type: 'evidence'; diagnosis: Diagnosis }
  /** A further kind of trouble was found: its words. */
  | { type: 'joined'; finding: Finding }
  /** A rollout of the owner was completed meanwhile. */
  | { type: 'rolled-out'; finding: Finding }
  | { type: 'acknowledged'; user: string }
  | { type: 'silenced'; user: string; until: number }
  | { type: 'unsilenced'; user: string | undefined }
  | { type: 'resolved'; afterMs: number }
  | { type: 'reopened'; finding: Finding; episode: number }
);

/** Nobody wants to hear of this owner until then. */
export interface Silence {
  cluster: string;
  owner: Owner;
  by: string;
  at: number;
  until: number;
}

/** So many incidents are open in one channel at once that one message says so. */
export interface Storm {
  /** `s-k7m2q`. */
  id: string;
  version: number;
  channel: string;
  startedAt: number;
  /** Ids of all incidents that were open during it, in the order they came. */
  members: readonly string[];
  endedAt: number | undefined;
}

export interface IncidentRule {
  match: {
    kind?: readonly string[] | undefined;
    severity?: readonly Severity[] | undefined;
    cluster?: readonly string[] | undefined;
    /** Patterns. A node has no namespace: only rules without this match it. */
    namespace?: readonly string[] | undefined;
    /** Patterns of the owner's name. */
    workload?: readonly string[] | undefined;
    /** All of them, on the pod (or Job, Deployment, node) in trouble; values are patterns. */
    labels?: Readonly<Record<string, string>> | undefined;
  };
  /** Where to; undefined: it is ignored. */
  channel: string | undefined;
}

export interface IncidentSettings {
  /** The first one that matches decides. Where none does: the channel of `channels.alerts`. */
  rules: readonly IncidentRule[];
  /** Absent, and no rule names a channel: incidents are off. */
  channel: string | undefined;
  /** How long a pod may wait for a node, in ms. */
  pendingMs: number;
  /** How long trouble has to be over before its message turns green, in ms. */
  quietMs: number;
  /** A relapse within this time after that reopens the same thread, in ms. */
  cooldownMs: number;
  /** More incidents than this open at once in a channel are a storm. */
  storm: number;
}
