import { canonicalJson, sha256 } from './digest.ts';
import { type Identities, knownAmong } from './person.ts';
import { type Actor, actorOf, type Event, type Gesture, isTerminal, type Origin, type Request } from './request.ts';
import type { RequestSurface } from './requests.ts';

/**
 * The audit log: an append-only chain. Each entry's hash covers the hash before it, so an edit, a removal or another
 * order shows. The chain's end can only be vouched for by a checkpoint that is kept elsewhere.
 */
export const GENESIS = '0'.repeat(64);

export type AuditEntry = RequestEntry | IncidentEntry | TrimEntry;

export interface RequestEntry {
  /** ms since the epoch. */
  at: number;
  event: Event['type'];
  actor: Actor;
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
  /** Everybody whom the entry names, as they were known when they did what it says of them. */
  people?: Identities | undefined;
  /** The request's messages by then, where somebody decided or it ended: what they saw, or learn it from. */
  surfaces?: ShownAt[];
  /** Where and how it was asked. */
  origin?: Pick<Origin, 'channel' | 'thread' | 'gesture'>;
  /** How somebody decided. */
  gesture?: Gesture;
  /** The request that this one takes back. */
  undoOf?: string | undefined;
  /** Present where the event is about it. */
  target?: NonNullable<Request['plan']>['target'];
  diff?: NonNullable<Request['plan']>['diff'];
  digest?: string | undefined;
  rule?: string;
  votes?: Request['votes'];
  reason?: string | undefined;
  outcome?: Request['outcome'];
  error?: Request['error'];
  /** As it was asked; from the plan on with everything that was left out in asking. */
  input?: unknown;
  /** Of a new plan: with the target, what the digest is made of. */
  patch?: NonNullable<Request['plan']>['patch'];
  preconditions?: NonNullable<Request['plan']>['preconditions'];
}

/** A message that shows a revision of a request (0: that there is no plan yet). */
interface ShownAt {
  channel: string;
  thread?: string | undefined;
  ts: string;
  revision: number;
}

/** What people decide about incidents: that they are on it, and what nobody wants to hear of. */
export interface IncidentEntry {
  /** ms since the epoch. */
  at: number;
  event: 'incident-acknowledged' | 'workload-silenced' | 'silence-ended';
  actor: { user: string };
  /** Who that is, as they were known then. */
  people?: Identities | undefined;
  cluster: string;
  owner: { kind: string; namespace: string; name: string };
  /** Absent, with its channel, where somebody ends a silence: it is of the workload. */
  incident?: string;
  channel?: string;
  /** Of a silence, in ms since the epoch. */
  until?: number;
}

/**
 * Retention has removed the oldest entries. The chain's new beginning rests on this entry, and the entry on the chain:
 * entries that are missing without one were taken away by somebody.
 */
export interface TrimEntry {
  /** ms since the epoch. */
  at: number;
  event: 'audit-trimmed';
  actor: 'opsbot';
  /** How many have been removed so far, in all. */
  entries: number;
  /** The hash of the last of them: what the first that is left was chained to. */
  head: string;
  /** How old entries become, in ms. */
  keepMs: number;
}

export interface ChainedEntry {
  /** The canonical JSON that was hashed. */
  entry: string;
  hash: string;
}

/** The hash that an entry, as canonical JSON, has after another one with the hash `head`. */
export function hashAfter(head: string, entry: string): string {
  return sha256(`${head}\n${entry}`);
}

export function chain(head: string, entry: AuditEntry): ChainedEntry {
  const text = canonicalJson(entry);
  return { entry: text, hash: hashAfter(head, text) };
}

/** Where a vote is to be found in traces is no part of the decision. */
function votesOf({ votes }: Request): Request['votes'] {
  return votes.map(({ trace, ...vote }) => vote);
}

/** What was planned, and by whose word it is done: on every entry from the plan on. */
function matter(request: Request): Partial<RequestEntry> {
  const { plan, digest, requirement } = request;
  if (!plan) return {};
  const { target, diff, input } = plan;
  return { target, diff, digest, input, ...(requirement && { rule: requirement.rule, votes: votesOf(request) }) };
}

function particulars(request: Request, event: Event): Partial<RequestEntry> {
  switch (event.type) {
    case 'asked': {
      const { input, reason, undoOf, origin } = request;
      const { channel, thread, gesture } = origin;
      return { input, reason, undoOf, origin: { channel, thread, gesture } };
    }
    case 'planned':
      return { patch: event.plan.patch, preconditions: event.plan.preconditions };
    case 'plan-failed':
      return { input: request.input, error: event.error };
    case 'voted':
      return { gesture: event.gesture };
    case 'rejected':
      return { gesture: event.gesture, reason: event.reason };
    case 'finished':
    case 'settled':
      return { outcome: event.outcome };
    case 'denied':
    case 'cancelled':
    case 'drifted':
    case 'lost':
    case 'hindered':
    case 'reopened':
      return { reason: event.reason };
    default:
      return {};
  }
}

function namedIn({ requester, votes }: Request, { by }: Event): string[] {
  return [requester, ...votes.map(({ user }) => user), ...(typeof by === 'string' ? [] : [by.user])];
}

/** Whether people saw, or will see there, what this is about: agents and timers look at no message. */
export function isAboutSurfaces(after: Request, { by, type }: Event): boolean {
  const isDecision = typeof by !== 'string' && type !== 'asked';
  return isDecision || isTerminal(after.state) || after.state === 'unknown';
}

function shownAt({ channel, thread, cards }: RequestSurface): ShownAt[] {
  return cards.flatMap(({ ts, revision }) => (ts === undefined ? [] : [{ channel, thread, ts, revision }]));
}

/**
 * What the log says about one event; `before` is undefined for the first. Progress ticks are no decisions: no entry.
 * `surface`: where the request is shown, for what is about it.
 */
export function auditEntry(
  {
    before,
    after,
    event,
    surface,
  }: { before?: Request | undefined; after: Request; event: Event; surface?: RequestSurface | undefined },
  at: number,
): RequestEntry | undefined {
  if (event.type === 'progressed') return undefined;
  return {
    at,
    event: event.type,
    actor: actorOf(event),
    people: knownAmong(after.people, namedIn(after, event)),
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
    ...(surface && isAboutSurfaces(after, event) && { surfaces: shownAt(surface) }),
    ...matter(after),
    ...particulars(after, event),
  };
}
