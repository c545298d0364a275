import { canonicalJson, sha256 } from './digest.ts';
import type { Event, Request } from './request.ts';

/**
 * The audit log: an append-only chain. Each entry's hash covers the hash before it, so an edit, a removal or another
 * order shows. The chain's end can only be vouched for by a checkpoint that is kept elsewhere.
 */
export const GENESIS = '0'.repeat(64);

export type AuditEntry = RequestEntry | IncidentEntry;

export interface RequestEntry {
  /** ms since the epoch. */
  at: number;
  event: Event['type'];
  actor: Event['by'];
  request: string;
  revision: number;
  version: number;
  from: Request['state'] | null;
  to: Request['state'];
  cluster: string;
  action: string;
  effect: Request['effect'];
  requester: string;
  channel: string;
  /** Present where the event is about it. */
  target?: NonNullable<Request['plan']>['target'];
  diff?: NonNullable<Request['plan']>['diff'];
  digest?: string | undefined;
  rule?: string;
  votes?: Request['votes'];
  reason?: string | undefined;
  outcome?: Request['outcome'];
  error?: Request['error'];
  input?: unknown;
}

/** What people decide about incidents: that they are on it, and what nobody wants to hear of. */
export interface IncidentEntry {
  /** ms since the epoch. */
  at: number;
  event: 'incident-acknowledged' | 'workload-silenced' | 'silence-ended';
  actor: { user: string };
  cluster: string;
  owner: { kind: string; namespace: string; name: string };
  /** Absent where somebody ends a silence: it is of the workload. */
  incident?: string;
  /** Of a silence, in ms since the epoch. */
  until?: number;
}

export interface ChainedEntry {
  /** The canonical JSON that was hashed. */
  entry: string;
  hash: string;
}

export function chain(head: string, entry: AuditEntry): ChainedEntry {
  const text = canonicalJson(entry);
  return { entry: text, hash: sha256(`${head}\n${text}`) };
}

/** Where a vote is to be found in traces is no part of the decision. */
function votesOf({ votes }: Request): Request['votes'] {
  return votes.map(({ trace, ...vote }) => vote);
}

function particulars(request: Request, event: Event): Partial<RequestEntry> {
  const plan = request.plan && { target: request.plan.target, diff: request.plan.diff, digest: request.digest };
  switch (event.type) {
    case 'asked':
      return { input: request.input, reason: request.reason };
    case 'plan-failed':
      return { error: event.error };
    case 'decided':
      return { ...plan, rule: event.requirement.rule };
    case 'released':
    case 'resumed':
    case 'reopened':
      return { ...plan, ...(request.requirement && { rule: request.requirement.rule }), votes: votesOf(request) };
    case 'voted':
    case 'withdrawn':
      return { ...plan, votes: votesOf(request) };
    case 'finished':
    case 'settled':
      return { ...plan, outcome: event.outcome };
    case 'denied':
      return { ...plan, rule: event.requirement.rule, reason: event.reason };
    case 'rejected':
    case 'cancelled':
    case 'drifted':
    case 'lost':
      return { ...plan, reason: event.reason };
    default:
      return { ...plan };
  }
}

/** What the log says about one event; `before` is undefined for the first. Progress ticks are no decisions: no entry. */
export function auditEntry(
  before: Request | undefined,
  after: Request,
  event: Event,
  at: number,
): RequestEntry | undefined {
  if (event.type === 'progressed') return undefined;
  return {
    at,
    event: event.type,
    actor: event.by,
    request: after.id,
    revision: after.revision,
    version: after.version,
    from: before?.state ?? null,
    to: after.state,
    cluster: after.cluster,
    action: after.action,
    effect: after.effect,
    requester: after.requester,
    channel: after.origin.channel,
    ...particulars(after, event),
  };
}
