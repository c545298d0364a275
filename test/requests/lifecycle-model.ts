import type { PolicyRule } from '../../src/config.ts';
import { planDigest } from '../../src/requests/digest.ts';
import { ORDER_VALID_MS } from '../../src/requests/end-of-order.ts';
import { ORDER_LAPSED, type Report } from '../../src/requests/order.ts';
import type { Event, Gesture, Request, Requirement, Vote } from '../../src/requests/request.ts';
import { receive, transition } from '../../src/requests/transition.ts';
import { asked, plan } from './sample.ts';

/**
 * What becomes of requests, in memory: what each command means by the design, and the pure state machine for what that
 * does to a request. It knows no Redis, no versions to compare and no other process.
 */
export interface Model {
  /** ms since the epoch. */
  now: number;
  requests: readonly Request[];
  /** Id of the request whose change of this workload (by uid) is under way. */
  locks: Readonly<Record<string, string>>;
  /** People who have left the channel. */
  absent: readonly string[];
}

/** By namespace: nobody, the requester, one, two people have to agree. */
export const RULES: readonly PolicyRule[] = [
  { match: { namespace: ['free'] }, decision: 'allow', reason: 'optional', expiresMs: undefined },
  { match: { namespace: ['own'] }, decision: 'confirm', reason: 'optional', expiresMs: 60_000 },
  {
    match: { namespace: ['two'] },
    decision: 'approve',
    approvals: 2,
    approvers: [],
    reason: 'optional',
    expiresMs: 120_000,
  },
];

export interface Ballot {
  user: string;
  gesture: Gesture;
  /** How many revisions ago the person looked. */
  behind: number;
}

export type Command =
  | { type: 'asks'; id: string; requester: string }
  | { type: 'waits'; ms: number }
  | { type: 'leaves' | 'comes back'; user: string }
  | ({ type: 'approves' | 'withdraws' | 'rejects' | 'cancels' | 'settles'; of: number } & Ballot)
  | { type: 'expires' | 'releases' | 'resumes' | 'lapses'; of: number }
  /** `earlier`: by how many orders, where it is one that was sent before the latest. */
  | { type: 'reports'; of: number; behind: number; earlier: number; what: Said; namespace: string };

/** What an agent says of a change; `undone`: that it failed, and nothing was changed. */
export type Said = 'planned' | 'plan-failed' | 'applied' | 'progressed' | 'finished' | 'undone' | 'drifted' | 'lost';

/** The plan that the agent makes of a request. Requests of one namespace are about the same workload. */
export function planOf(namespace: string, run: string) {
  return { ...plan, target: { ...plan.target, namespace, uid: `uid-${run}-${namespace}` } };
}

const done = { result: 'succeeded', text: '5 of 5 pods ready.' } as const;
const undone = { result: 'failed', reason: 'Forbidden', text: 'It may not. Nothing was changed.' } as const;
const failed = { kind: 'not-found', message: 'There is no such workload.' } as const;
export const GENERATION = 7;

/** What an agent says, by the type of its report. */
export function reportOf(
  { what, behind, earlier, namespace }: Extract<Command, { type: 'reports' }>,
  { id, revision, order }: Request,
  run: string,
): Report {
  const of = { request: id, revision: revision - behind };
  const attempt = (order?.attempt ?? 1) - earlier;
  switch (what) {
    case 'planned':
      return { type: what, ...of, plan: planOf(namespace, run) as Extract<Report, { type: 'planned' }>['plan'] };
    case 'plan-failed':
      return { type: what, ...of, error: failed };
    case 'applied':
      return { type: what, ...of, generation: GENERATION };
    case 'finished':
      return { type: what, ...of, attempt, outcome: done, generation: GENERATION };
    case 'undone':
      return { type: 'finished', ...of, attempt, outcome: undone };
    case 'drifted':
    case 'lost':
      return { type: what, ...of, attempt, reason: 'because' };
    case 'progressed':
      return { type: what, ...of, progress: { text: '1 of 5', done: 1, total: 5 } };
  }
}

/**
 * The model after a command. `run` makes ids of this run's workloads its own. `seen`: how things were when an agent wrote
 * its report.
 */
export function after(model: Model, command: Command, run: string, seen = model): Model {
  switch (command.type) {
    case 'asks': {
      if (model.requests.some(({ id }) => id === command.id)) return model;
      const { id, requester } = command;
      return { ...model, requests: [...model.requests, receive({ ...asked, id, requester }, model.now)] };
    }
    case 'waits':
      return { ...model, now: model.now + command.ms };
    case 'leaves':
      return { ...model, absent: [...model.absent, command.user] };
    case 'comes back':
      return { ...model, absent: model.absent.filter((user) => user !== command.user) };
    default: {
      const request = model.requests[command.of];
      if (!request) return model;
      if (command.type !== 'reports') return afterOne(model, request, command);
      return reported(model, request, reportOf(command, seen.requests[command.of] ?? request, run));
    }
  }
}

type AboutOne = Exclude<Extract<Command, { of: number }>, { type: 'reports' }>;

function afterOne(model: Model, request: Request, command: AboutOne): Model {
  switch (command.type) {
    case 'releases':
      return released(model, request);
    case 'lapses':
      return ended(model, request, lapsed(model, request));
    case 'resumes':
      return changed(model, request, request.state === 'executing' ? [resumed(model, request)] : []);
    case 'expires':
      return changed(model, request, isLate(model, request) ? [EXPIRED] : []);
    default:
      return changed(model, request, decided(model, request, command));
  }
}

const EXPIRED: Event = { type: 'expired', by: 'opsbot' };

const isLate = ({ now }: Model, { expiresAt }: Request) => expiresAt !== undefined && now >= expiresAt;

/** What a person's gesture does; nothing where it is refused. */
function decided(model: Model, request: Request, { type, user, gesture, behind }: AboutOne & Ballot): Event[] {
  const by = { user };
  const revision = request.revision - behind;
  const isOwn = request.requester === user;
  const cancelled: Event = { type: 'cancelled', by, reason: '' };
  switch (type as 'approves' | 'withdraws' | 'rejects' | 'cancels' | 'settles') {
    case 'cancels':
      return isOwn ? [cancelled] : [];
    case 'settles':
      return model.absent.includes(user) ? [] : [{ type: 'settled', by, outcome: SEEN }];
    case 'withdraws': {
      const mine = request.votes.find((vote) => vote.user === user && vote.revision === revision);
      const left = request.votes.filter((vote) => vote.user !== user);
      return mine?.gesture === gesture ? [{ type: 'withdrawn', by, revision, enough: isEnough(request, left) }] : [];
    }
    case 'rejects':
      if (isOwn) return [cancelled];
      return asVoter(model, request, user, { type: 'rejected', by, reason: '', revision, gesture });
    case 'approves': {
      const mine: Vote = { user, verdict: 'approve', revision, gesture, at: model.now };
      const votes = [...request.votes.filter((vote) => vote.user !== user), mine];
      return asVoter(model, request, user, { type: 'voted', by, revision, gesture, enough: isEnough(request, votes) });
    }
  }
}

const SEEN = { result: 'succeeded', text: 'Somebody looked: the change is there.' } as const;

/** Whoever comes too late closes the request; whoever may not decide does nothing. */
function asVoter(model: Model, request: Request, user: string, event: Event): Event[] {
  if (request.state !== 'pending') return [event];
  if (isLate(model, request)) return [EXPIRED];
  return mayDecide(model, request, user) ? [event] : [];
}

function mayDecide({ absent }: Model, { requirement, requester }: Request, user: string): boolean {
  if (requirement?.mode === 'confirm') return user === requester;
  return user !== requester && !absent.includes(user);
}

function isEnough({ requirement, revision }: Request, votes: readonly Vote[]): boolean {
  const people = new Set(votes.filter((vote) => vote.revision === revision).map(({ user }) => user)).size;
  return people >= needed(requirement);
}

function needed(requirement: Requirement | undefined): number {
  if (requirement?.mode === 'allow') return 0;
  return requirement?.mode === 'approve' ? requirement.approvals : 1;
}

/** The request after these events, all of them or none; the model with it. */
function changed(model: Model, request: Request, events: readonly Event[]): Model {
  let current = request;
  for (const event of events) {
    const next = transition(current, event, model.now);
    if (next.refused !== undefined) return model;
    current = next.request;
  }
  return { ...model, requests: model.requests.map((one) => (one.id === request.id ? current : one)) };
}

function released(model: Model, request: Request): Model {
  if (request.state !== 'approved' || !request.requirement || !request.plan) return model;
  if (isLate(model, request)) return changed(model, request, [EXPIRED]);
  const { requirement } = request;
  const votes = request.votes.filter(({ user, revision }) => {
    return revision === request.revision && mayDecide(model, request, user);
  });
  if (!isEnough(request, votes)) {
    const reason = 'an approval does not count any more';
    return changed(model, request, [{ type: 'reopened', by: 'opsbot', reason, requirement, votes }]);
  }
  const uid = request.plan.target.uid ?? '';
  const holder = model.locks[uid];
  if (holder !== undefined && holder !== request.id) {
    const waits: Event = { type: 'waiting', by: 'opsbot', for: holder };
    return request.waitingFor === holder ? model : changed(model, request, [waits]);
  }
  const sent = changed(model, request, [
    { type: 'released', by: 'opsbot', validUntil: model.now + ORDER_VALID_MS, votes },
  ]);
  return sent === model ? model : { ...sent, locks: { ...sent.locks, [uid]: request.id } };
}

function resumed(model: Model, request: Request): Event {
  const votes = request.votes.filter(({ user }) => mayDecide(model, request, user));
  const validUntil = !request.applied && isEnough(request, votes) ? model.now + ORDER_VALID_MS : 0;
  return { type: 'resumed', by: 'opsbot', validUntil };
}

const MINUTE = 60_000;

/** No agent takes the order: what ends it, once none may begin with it, or was waited for long enough. */
function lapsed({ now }: Model, { state, order, applied, cluster }: Request): Event[] {
  if (state !== 'executing' || !order) return [];
  const over = Math.max(order.validUntil, order.at + MINUTE);
  if (applied) {
    const text = `The change was applied, but no agent of cluster ${cluster} has followed it to its end.`;
    return now < over + 60 * MINUTE ? [] : [finishedBy('opsbot', { result: 'failed', reason: 'NotFollowed', text })];
  }
  if (order.attempt === 1) return now < order.validUntil + MINUTE / 2 ? [] : [finishedBy('opsbot', ORDER_LAPSED)];
  const reason = `An agent of cluster ${cluster} went away while the change was being made, and none has found out how far it got.`;
  return now < over + 10 * MINUTE ? [] : [{ type: 'lost', by: 'opsbot', reason }];
}

const finishedBy = (by: 'agent' | 'opsbot', outcome: Extract<Event, { type: 'finished' }>['outcome']): Event => ({
  type: 'finished',
  by,
  outcome,
});

/** Nothing is under way for it any more: its lock is free, and whoever waited for it goes. */
function ended(model: Model, request: Request, events: readonly Event[]): Model {
  let next = changed(model, request, events);
  if (next === model || events.length === 0) return model;
  const uid = request.plan?.target.uid ?? '';
  if (next.locks[uid] === request.id) {
    const { [uid]: _, ...locks } = next.locks;
    next = { ...next, locks };
  }
  const newestFirst = [...next.requests].sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
  for (const { id } of newestFirst) {
    const waiting = next.requests.find((one) => one.id === id);
    if (waiting?.waitingFor === request.id) next = released(next, waiting);
  }
  return next;
}

function reported(model: Model, request: Request, report: Report): Model {
  if (report.revision !== request.revision) return model;
  const by = 'agent' as const;
  const isLatest = 'attempt' in report && report.attempt === request.order?.attempt;
  const applied = (generation: number | undefined): Event[] =>
    generation === undefined || request.applied ? [] : [{ type: 'applied', by, generation }];
  switch (report.type) {
    case 'planned': {
      const made = report.plan as typeof plan;
      const digest = planDigest(request.cluster, made, request.revision);
      const requirement = REQUIREMENTS[made.target.namespace] ?? DEFAULT;
      return changed(model, request, [
        { type: 'planned', by, plan: made, digest },
        { type: 'decided', by: 'opsbot', requirement },
      ]);
    }
    case 'plan-failed':
      return changed(model, request, [{ type: 'plan-failed', by, error: report.error }]);
    case 'progressed':
      return changed(model, request, [{ type: 'progressed', by, progress: report.progress }]);
    case 'applied':
      return ended(model, request, applied(report.generation));
    case 'finished':
      if (report.generation === undefined && !isLatest) return model;
      return ended(model, request, [...applied(report.generation), finishedBy(by, report.outcome)]);
    case 'drifted':
      if (!isLatest) return model;
      return ended(model, request, [
        { type: 'drifted', by, reason: report.reason },
        { type: 'replanning', by: 'opsbot' },
      ]);
    case 'lost':
      return isLatest ? ended(model, request, [{ type: 'lost', by, reason: report.reason }]) : model;
    default:
      throw new Error(`no agent says ${report.type} here`);
  }
}

const DEFAULT: Requirement = {
  mode: 'approve',
  rule: 'default: one approval',
  approvals: 1,
  approvers: [],
  expiresMs: 3_600_000,
  reasonRequired: false,
};

/** What RULES ask for in each namespace. */
const REQUIREMENTS: Readonly<Record<string, Requirement>> = {
  free: { mode: 'allow', rule: 'policy rule 1' },
  own: { mode: 'confirm', rule: 'policy rule 2', expiresMs: 60_000, reasonRequired: false },
  two: { ...DEFAULT, rule: 'policy rule 3', approvals: 2, expiresMs: 120_000 },
};
