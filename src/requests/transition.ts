import { knownWith } from './person.ts';
import {
  actorOf,
  type Event,
  isStep,
  type Release,
  type Request,
  type State,
  type Step,
  type Vote,
} from './request.ts';

/**
 * The life of a request as one pure function. An event that does not fit the state is refused with a sentence for the
 * person who caused it; nothing else ever changes a request.
 *
 *   received ─┬─ invalid                        stale: the cluster has moved on; the request is planned again
 *             └─ proposed ─┬─ denied            unknown: nobody can tell whether it was done; a person says, or an agent
 *                          ├─ approved
 *                          └─ pending ─┬─ approved ─── executing ─┬─ succeeded
 *                                      ├─ rejected                ├─ failed
 *                                      ├─ expired                 ├─ unknown ─ succeeded | failed | executing | stale
 *                                      ├─ cancelled               └─ stale (nothing was applied)
 *                                      └─ stale ─ received
 */
export type Transition = { request: Request; refused?: undefined } | { refused: string };

type Effect = (request: Request, event: never, now: number) => Partial<Request> & { state: State };
type Of<T extends Event['type']> = Extract<Event, { type: T }>;

/** How long a request may wait for its plan, in ms: an agent that is away does not hold it for ever. */
export const PLAN_DEADLINE_MS = 15 * 60_000;

const NO_PLAN = {
  plan: undefined,
  digest: undefined,
  requirement: undefined,
  votes: [],
  order: undefined,
  applied: undefined,
  progress: undefined,
  waitingFor: undefined,
  expiresAt: undefined,
} satisfies Partial<Request>;

function withVote(votes: readonly Vote[], event: Of<'voted'>, at: number): Vote[] {
  const { by, revision, gesture, trace } = event;
  const vote: Vote = { user: by.user, verdict: 'approve', revision, gesture, at, trace };
  return [...votes.filter((v) => v.user !== vote.user), vote];
}

function decided({ requirement }: Of<'decided'>, now: number): Partial<Request> & { state: State } {
  switch (requirement.mode) {
    case 'allow':
      return { state: 'approved', requirement, expiresAt: undefined };
    case 'deny':
      return {
        state: 'denied',
        requirement,
        ended: { by: 'opsbot', reason: requirement.reason },
        expiresAt: undefined,
      };
    default:
      return { state: 'pending', requirement, expiresAt: now + requirement.expiresMs };
  }
}

/** What policy let through at first has no deadline yet; votes that are wanted now must not be waited for for ever. */
function reopened(r: Request, { requirement }: Of<'reopened'>, now: number): Partial<Request> & { state: State } {
  const patience = 'expiresMs' in requirement ? requirement.expiresMs : 0;
  return { state: 'pending', requirement, expiresAt: r.expiresAt ?? now + patience };
}

function releaseOf({ order, version }: Request, validUntil: number, at: number): Release {
  return { attempt: (order?.attempt ?? 0) + 1, at, validUntil, version: version + 1 };
}

/** What it waited for when its time ran out. */
function whyLate({ state, hindrance, waitingFor }: Request): string {
  if (state === 'pending') return 'nobody decided in time';
  if (hindrance) return hindrance.reason;
  if (state === 'received') return 'no plan was made in time';
  return waitingFor ? `request ${waitingFor} was not done in time` : 'it could not be started in time';
}

const cancelled = (_: Request, e: Of<'cancelled'>) => ({
  state: 'cancelled' as const,
  ended: { by: e.by, reason: e.reason },
});
const expired = (r: Request, e: Of<'expired'>) => ({
  state: 'expired' as const,
  ended: { by: e.by, reason: whyLate(r) },
});
const hindered = (r: Request, e: Of<'hindered'>, now: number) => ({
  state: r.state,
  hindrance: { reason: e.reason, at: now },
});
const applied = (_: Request, e: Of<'applied'>, now: number) => ({
  state: 'executing' as const,
  applied: { generation: e.generation, at: now },
});
const drifted = (_: Request, e: Of<'drifted'>) => ({ state: 'stale' as const, ended: { by: e.by, reason: e.reason } });
const withdrawn = (r: Request, e: Of<'withdrawn'>) => ({
  state: e.enough ? r.state : ('pending' as const),
  votes: r.votes.filter((v) => v.user !== e.by.user),
});

/** Which event each state takes, and what it does. What is not here is refused. */
const EDGES: Record<
  State,
  { [T in Event['type']]?: (r: Request, e: Of<T>, now: number) => Partial<Request> & { state: State } }
> = {
  received: {
    planned: (_, e) => ({ state: 'proposed', plan: e.plan, digest: e.digest, input: e.plan.input, error: undefined }),
    'plan-failed': (_, e) => ({ state: 'invalid', error: e.error, expiresAt: undefined }),
    cancelled,
    expired,
    hindered,
  },
  proposed: { decided: (_, e, now) => decided(e, now) },
  pending: {
    voted: (r, e, now) => ({ state: e.enough ? 'approved' : 'pending', votes: withVote(r.votes, e, now) }),
    withdrawn,
    rejected: (_, e) => ({ state: 'rejected', ended: { by: actorOf(e), reason: e.reason } }),
    cancelled,
    expired,
    drifted,
  },
  approved: {
    withdrawn,
    reopened: (r, e, now) => ({ ...reopened(r, e, now), votes: e.votes, waitingFor: undefined }),
    denied: (_, e) => ({ state: 'denied', requirement: e.requirement, ended: { by: e.by, reason: e.reason } }),
    cancelled,
    expired,
    drifted,
    waiting: (_, e) => ({ state: 'approved', waitingFor: e.for }),
    hindered,
    released: (r, e, now) => ({
      state: 'executing',
      order: releaseOf(r, e.validUntil, now),
      votes: e.votes ?? r.votes,
      waitingFor: undefined,
      expiresAt: undefined,
    }),
  },
  executing: {
    resumed: (r, e, now) => ({
      state: 'executing',
      order: releaseOf(r, e.validUntil, now),
    }),
    applied,
    progressed: (_, e) => ({ state: 'executing', progress: e.progress }),
    finished: (_, e) => ({ state: e.outcome.result, outcome: e.outcome }),
    lost: (_, e) => ({ state: 'unknown', ended: { by: e.by, reason: e.reason } }),
    drifted,
    hindered,
  },
  unknown: {
    // An agent that comes back after all knows what it can prove.
    applied,
    finished: (_, e) => ({ state: e.outcome.result, outcome: e.outcome }),
    drifted,
    settled: (_, e) => ({ state: e.outcome.result, outcome: e.outcome }),
  },
  stale: {
    replanning: (r, _, now) => ({
      ...NO_PLAN,
      state: 'received',
      revision: r.revision + 1,
      ended: undefined,
      expiresAt: now + PLAN_DEADLINE_MS,
    }),
  },
  invalid: {},
  denied: {},
  rejected: {},
  expired: {},
  cancelled: {},
  succeeded: {},
  failed: {},
};

/** Events in which people or timers name the revision they mean. */
function refusal(request: Request, event: Event, now: number): string | undefined {
  if ('revision' in event && event.revision !== request.revision) {
    return `This is not what would be done any more: the plan was made anew (revision ${request.revision}). Look at the newest message of the request.`;
  }
  const late = request.expiresAt !== undefined && now >= request.expiresAt;
  if (late && (event.type === 'voted' || event.type === 'released' || event.type === 'rejected')) {
    return 'This request has expired. Ask again.';
  }
  if (event.type === 'voted' && request.votes.some((v) => v.user === event.by.user)) {
    return 'You have approved this already.';
  }
  if (event.type === 'withdrawn' && !request.votes.some((v) => v.user === event.by.user)) {
    return 'You have no vote on this request.';
  }
  if ((event.type === 'drifted' || event.type === 'lost') && request.applied) return 'It was applied already.';
  if (request.state === 'unknown' && event.by === 'agent' && now - request.updatedAt > AGENTS_KNOW_FOR_MS) {
    return 'No agent can know any more what became of this; somebody has to look.';
  }
  return undefined;
}

/** Agents keep their notes on a change for a week: without them they would take what was done for not done. In ms. */
const AGENTS_KNOW_FOR_MS = 6 * 24 * 3_600_000;

/** What a state means to somebody who wanted something else of the request. */
export function stateSentence(state: State): string {
  const sentences: Record<State, string> = {
    received: 'This request is still being looked at.',
    invalid: 'This request could not be planned.',
    proposed: 'This request is still being looked at.',
    denied: 'Policy does not allow this request.',
    pending: 'This request is waiting for approval.',
    approved: 'This request is approved already.',
    rejected: 'This request was rejected.',
    expired: 'This request has expired. Ask again.',
    cancelled: 'This request was cancelled.',
    stale: 'The cluster has changed; the request is being planned again.',
    executing: 'This request is being executed already.',
    succeeded: 'This request is done already.',
    failed: 'This request has failed already.',
    unknown: 'It is not known whether this request was executed.',
  };
  return sentences[state];
}

function detailOf(event: Event): string | undefined {
  switch (event.type) {
    case 'plan-failed':
      return event.error.message;
    case 'rejected':
    case 'cancelled':
    case 'reopened':
    case 'denied':
    case 'drifted':
    case 'lost':
    case 'hindered':
      return event.reason;
    case 'waiting':
      return event.for;
    case 'finished':
    case 'settled':
      return event.outcome.text;
    case 'progressed':
      return event.progress.text;
    case 'voted':
    case 'withdrawn':
      return event.enough ? 'enough' : undefined;
    default:
      return undefined;
  }
}

function story(request: Request, event: Event, state: State, now: number): Step[] {
  if (!isStep(event)) return request.steps;
  return [
    ...request.steps,
    { at: now, actor: actorOf(event), event: event.type, state, revision: request.revision, detail: detailOf(event) },
  ];
}

/** The request after the event, one version on; or why not. `now` in ms since the epoch. */
export function transition(request: Request, event: Event, now: number): Transition {
  const effect = EDGES[request.state][event.type] as Effect | undefined;
  if (!effect) return { refused: stateSentence(request.state) };
  const refused = refusal(request, event, now);
  if (refused !== undefined) return { refused };
  const change = effect(request, event as never, now);
  const people = knownWith(request.people, event.by);
  return {
    request: {
      ...request,
      hindrance: undefined,
      ...change,
      version: request.version + 1,
      updatedAt: now,
      steps: story(request, event, change.state, now),
      ...(people && { people }),
    },
  };
}

export type NewRequest = Pick<
  Request,
  'id' | 'cluster' | 'action' | 'effect' | 'input' | 'reason' | 'requester' | 'origin' | 'undoOf' | 'trace' | 'people'
>;

/** A request as it is when somebody has just asked for it. */
export function receive(asked: NewRequest, now: number): Request {
  const request: Request = {
    ...asked,
    ...NO_PLAN,
    version: 1,
    state: 'received',
    revision: 1,
    createdAt: now,
    updatedAt: now,
    expiresAt: now + PLAN_DEADLINE_MS,
    outcome: undefined,
    ended: undefined,
    error: undefined,
    steps: [],
  };
  return { ...request, steps: story(request, { type: 'asked', by: { user: asked.requester } }, 'received', now) };
}
