import type { Outcome, Plan, Progress } from '../actions/action.ts';
import type { ErrorReport } from '../errors.ts';
import type { Identities, Person } from './person.ts';

/**
 * A request is one asked-for action and everything that was decided about it.
 *
 * Terms: a *revision* numbers the plans of a request; people vote on one revision, named by its *digest*. A *vote* is
 * one person's word on one revision. The *requirement* is what policy asked for when the revision was proposed; policy
 * is asked again at the release. A *step* is one line of the request's story, in the order in which it happened.
 */
export const STATES = [
  'received',
  'invalid',
  'proposed',
  'denied',
  'pending',
  'approved',
  'rejected',
  'expired',
  'cancelled',
  'stale',
  'executing',
  'succeeded',
  'failed',
  'unknown',
] as const;
export type State = (typeof STATES)[number];

export const TERMINAL = ['invalid', 'denied', 'rejected', 'expired', 'cancelled', 'succeeded', 'failed'] as const;
export function isTerminal(state: State): boolean {
  return (TERMINAL as readonly State[]).includes(state);
}

/** True once the change is in the cluster and its story is over: only then can it be taken back. */
export function canBeTakenBack({ state, applied }: Pick<Request, 'state' | 'applied'>): boolean {
  return state === 'succeeded' || (state === 'failed' && applied !== undefined);
}

/** How a person asked or voted. */
export type Gesture = 'button' | 'modal' | 'command' | 'reaction' | 'typed';

export interface Origin {
  /** Channel where the request is shown; for a read, where its answer goes. */
  channel: string;
  /** The thread it was asked in; absent: the request's own message begins one. */
  thread: string | undefined;
  /** Whom to answer alone, ephemerally, because the gesture has no thread (a read by slash command). */
  ephemeralTo?: string | undefined;
  /** Where the requester asked for a change that is shown to others: in direct messages; without a channel on Home. */
  aside?: { channel?: string; thread?: string } | undefined;
  gesture: Gesture;
}

export type Requirement =
  | { mode: 'allow'; rule: string }
  | { mode: 'deny'; rule: string; reason: string }
  /** One vote, the requester's own, with the plan in view. */
  | { mode: 'confirm'; rule: string; expiresMs: number; reasonRequired: boolean }
  /** `approvers`: user ids and user group ids; empty: full members of the home workspace who are in the channel. */
  | {
      mode: 'approve';
      rule: string;
      approvals: number;
      approvers: string[];
      expiresMs: number;
      reasonRequired: boolean;
    };

export interface Vote {
  user: string;
  verdict: 'approve';
  revision: number;
  gesture: Gesture;
  /** ms since the epoch. */
  at: number;
  /** Of the gesture, as W3C Trace Context writes it, where it is traced. */
  trace?: string | undefined;
}

export type Actor = { user: string } | 'opsbot' | 'agent';

/** What happened, in the order in which it happened; the thread shows one line for each that deserves one. */
export interface Step {
  at: number;
  actor: Actor;
  event: Event['type'];
  state: State;
  revision: number;
  detail?: string | undefined;
}

export interface Release {
  attempt: number;
  /** ms since the epoch: when it was sent, and until when an agent may begin with it. */
  at: number;
  validUntil: number;
  /** The request's version that sent it: names its job. */
  version: number;
}

export interface Request {
  id: string;
  /** Grows by one with every commit: the compare-and-swap key. */
  version: number;
  state: State;
  revision: number;
  cluster: string;
  action: string;
  effect: 'read' | 'change';
  input: unknown;
  reason: string | undefined;
  requester: string;
  origin: Origin;
  /** ms since the epoch. */
  createdAt: number;
  updatedAt: number;
  /** Set while a deadline runs; checked on every path. */
  expiresAt: number | undefined;
  plan: Plan | undefined;
  /** SHA-256 (hex) over {cluster, action, target UID, patch, preconditions, revision}. */
  digest: string | undefined;
  requirement: Requirement | undefined;
  votes: Vote[];
  /** The release: an order that an agent may begin with until then. */
  order: Release | undefined;
  applied: { generation: number; at: number } | undefined;
  progress: Progress | undefined;
  outcome: Outcome | undefined;
  /** Why it ended without being executed: who and in which words. */
  ended: { by: Actor; reason: string } | undefined;
  /** Set while approved and waiting for another request to finish with the same workload. */
  waitingFor: string | undefined;
  /** Why it does not get on just now, in a sentence for people, and since when (ms since the epoch); whatever happens next ends it. */
  hindrance?: { reason: string; at: number } | undefined;
  /** The request that this one takes back. */
  undoOf: string | undefined;
  error: ErrorReport | undefined;
  steps: Step[];
  /** Of the gesture that asked, as W3C Trace Context writes it, where it is traced. */
  trace?: string | undefined;
  /** Who had a part in it, as they were known when they did. */
  people?: Identities | undefined;
}

/** Of the gestures that it goes back to: the one that asked, and those that voted. */
export function tracesOf({ trace, votes }: Pick<Request, 'trace' | 'votes'>): string[] {
  return [trace, ...votes.map((vote) => vote.trace)].filter((found) => found !== undefined);
}

export type Event =
  | { type: 'asked'; by: Person }
  | { type: 'planned'; by: Actor; plan: Plan; digest: string }
  | { type: 'plan-failed'; by: Actor; error: ErrorReport }
  | { type: 'decided'; by: Actor; requirement: Requirement }
  | {
      type: 'voted';
      by: Person;
      revision: number;
      gesture: Gesture /** policy's word on the votes with this one */;
      enough: boolean;
      trace?: string | undefined;
    }
  | { type: 'withdrawn'; by: { user: string }; revision: number; enough: boolean }
  | { type: 'rejected'; by: Person; reason: string; revision: number; gesture: Gesture }
  | { type: 'cancelled'; by: { user: string }; reason: string }
  | { type: 'expired'; by: Actor }
  /** A vote stopped counting between approval and release. */
  | { type: 'reopened'; by: Actor; reason: string; requirement: Requirement; votes: Vote[] }
  | { type: 'denied'; by: Actor; requirement: Requirement; reason: string }
  | { type: 'waiting'; by: Actor; for: string }
  /** It does not get on, and why; told once for each hindrance. */
  | { type: 'hindered'; by: Actor; reason: string }
  /** `votes`: those that count at this moment; absent: all. */
  | { type: 'released'; by: Actor; validUntil: number; votes?: Vote[] }
  /** The order is sent again after an agent went away; `validUntil` in the past: only find out what happened. */
  | { type: 'resumed'; by: Actor; validUntil: number }
  | { type: 'drifted'; by: Actor; reason: string }
  | { type: 'replanning'; by: Actor }
  | { type: 'applied'; by: Actor; generation: number }
  | { type: 'progressed'; by: Actor; progress: Progress }
  | { type: 'finished'; by: Actor; outcome: Outcome }
  | { type: 'lost'; by: Actor; reason: string }
  /** A person says how an unknown execution ended. */
  | { type: 'settled'; by: Person; outcome: Outcome };

/** Who did it, by the id alone. */
export function actorOf({ by }: Pick<Event, 'by'>): Actor {
  return typeof by === 'string' ? by : { user: by.user };
}

/** Whether it is a step of the request's story: progress is none. */
export function isStep({ type }: Pick<Event, 'type'>): boolean {
  return type !== 'progressed';
}
