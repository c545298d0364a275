import type { Action } from '../actions/action.ts';
import { actions as allActions, findAction } from '../actions/index.ts';
import { isTurnedOff, turnedOff } from '../actions/turned-off.ts';
import { InputError } from '../errors.ts';
import { concerning, traceparent } from '../telemetry/work.ts';
import type { Change, ChangeDependencies, Changed } from './change.ts';
import { load, tellOf } from './change.ts';
import { canonicalJson } from './digest.ts';
import { approvalRefusalOf, requireMember } from './eligibility.ts';
import { intentsOf } from './intents.ts';
import { knownWith, type Person } from './person.ts';
import { votesMissing } from './policy.ts';
import { canBeTakenBack, type Event, type Request, type Requirement, type Vote } from './request.ts';
import type { Answer, Ask, Ballot, People, Requests, Surfaces } from './requests.ts';
import { receive, stateSentence } from './transition.ts';

/** The desk is where people's gestures arrive: asking, voting, cancelling, undoing. */
export interface DeskDependencies extends ChangeDependencies {
  change: Change;
  people: People;
  surfaces: Pick<Surfaces, 'get' | 'inThread' | 'shownBy'>;
  /** A fresh request id, short enough to type on a phone. */
  newId(): string;
  /** What may be asked for. Default: the registry. */
  actions?: readonly Action[] | undefined;
}

function inputOf(ask: Ask, enabled: readonly Action[]): { action: Action; input: unknown } {
  const action = findAction(ask.action);
  if (!action)
    throw new InputError(`opsbot has no action called ${ask.action}.`, { advice: 'Say `help` for the list.' });
  if (isTurnedOff(action.name, enabled)) throw turnedOff(action.name);
  const parsed = action.input.safeParse(ask.input);
  if (parsed.success) return { action, input: parsed.data };
  const issue = parsed.error.issues[0];
  throw new InputError(issue?.message ?? 'This input does not fit.', {
    field: issue?.path.map(String).join('.') || undefined,
    advice: `Say \`help ${action.name}\` for examples.`,
  });
}

const answer = ({ request, refused }: Changed): Answer => (refused === undefined ? { request } : { request, refused });

function isLate(request: Request, now: number): boolean {
  return request.state === 'pending' && request.expiresAt !== undefined && now >= request.expiresAt;
}

const expired: Event = { type: 'expired', by: 'opsbot' };

/** Whether what was found out about a person for `seen` still says who may decide about the request. */
function waitsForTheSame(seen: Request, request: Request): boolean {
  if (request.state !== 'pending') return true;
  return seen.state === 'pending' && canonicalJson(seen.requirement) === canonicalJson(request.requirement);
}

function without(votes: readonly Vote[], user: string): Vote[] {
  return votes.filter((vote) => vote.user !== user);
}

function enoughWith(request: Request, requirement: Requirement, votes: readonly Vote[]): boolean {
  return (
    votesMissing(
      requirement,
      votes.filter((vote) => vote.revision === request.revision),
    ) === 0
  );
}

export function createDesk(deps: DeskDependencies): Requests {
  const { store, change, people, surfaces, now } = deps;

  /** Slack has just said who may do this: it is known who that is. */
  async function personOf(user: string): Promise<Person> {
    return { user, ...(await people.whoIs(user)) };
  }

  async function create(ask: Ask): Promise<Request> {
    const { action, input } = inputOf(ask, deps.actions ?? allActions);
    const { gestureKey, ...asked } = ask;
    const at = now();
    const by = await personOf(ask.requester);
    const event: Event = { type: 'asked', by };
    for (;;) {
      const { undoOf } = ask;
      const id = deps.newId();
      const known = knownWith(undefined, by);
      const { effect } = action;
      const request = receive({ ...asked, id, input, effect, undoOf, trace: traceparent(), people: known }, at);
      const intents = intentsOf(request, [event], at);
      const committed = await store.commit(
        { before: undefined, steps: [{ event, after: request }], intents, gestureKey },
        at,
      );
      if (committed.result === 'exists') return load(store, committed.id);
      if (committed.result === 'moved') continue; // the id is taken
      tellOf(request);
      deps.onCommit(request, [event]);
      await deps.dispatch(intents);
      return request;
    }
  }

  /** Why this person may not decide about the request as it is; a request without a requirement decides for itself. */
  async function refusalFor(request: Request, user: string): Promise<string | undefined> {
    if (!request.requirement || request.state !== 'pending') return undefined;
    return approvalRefusalOf(request, request.requirement, user, people);
  }

  /**
   * One person's decision. Who may decide is asked before the request is changed; where it waits for something else by
   * then (its plan has come in between, say), it is asked anew.
   */
  async function decide(ballot: Ballot, eventOn: (request: Request, by: Person) => Event): Promise<Answer> {
    concerning({ request: ballot.id });
    for (;;) {
      const seen = await load(store, ballot.id);
      const refused = await refusalFor(seen, ballot.user);
      const by = await personOf(ballot.user);
      let isOutdated = false;
      const changed = await change(ballot.id, (request) => {
        if (isLate(request, now())) return { events: [expired], refuse: stateSentence('expired') };
        isOutdated = !waitsForTheSame(seen, request);
        if (isOutdated) return { events: [] };
        if (refused !== undefined) return { events: [], refuse: refused };
        return { events: [eventOn(request, by)] };
      });
      if (!isOutdated) return answer(changed);
    }
  }

  function vote(ballot: Ballot): Promise<Answer> {
    return decide(ballot, (request, by) => {
      const { requirement } = request;
      const mine: Vote = { ...ballot, verdict: 'approve', at: now() };
      const enough =
        requirement !== undefined && enoughWith(request, requirement, [...without(request.votes, ballot.user), mine]);
      const { revision, gesture } = ballot;
      return { type: 'voted', by, revision, gesture, enough, trace: traceparent() };
    });
  }

  async function withdraw(ballot: Ballot): Promise<Answer> {
    return answer(
      await change(ballot.id, (request) => {
        const mine = request.votes.find((v) => v.user === ballot.user && v.revision === ballot.revision);
        if (!mine) return { events: [], refuse: 'You have no vote on this request.' };
        // A reaction that is taken back takes back its own vote, not one that was given with the button as well.
        if (mine.gesture !== ballot.gesture)
          return { events: [], refuse: 'Your vote was given in another way and still counts.' };
        const { requirement } = request;
        const enough =
          requirement !== undefined && enoughWith(request, requirement, without(request.votes, ballot.user));
        return { events: [{ type: 'withdrawn', by: { user: ballot.user }, revision: ballot.revision, enough }] };
      }),
    );
  }

  async function cancel(ballot: Pick<Ballot, 'id' | 'user'> & { reason: string }): Promise<Answer> {
    return answer(
      await change(ballot.id, (request) => {
        if (request.requester !== ballot.user) {
          return {
            events: [],
            refuse: 'Only the person who asked for it can cancel it. You can reject it.',
          };
        }
        return { events: [{ type: 'cancelled', by: { user: ballot.user }, reason: ballot.reason }] };
      }),
    );
  }

  async function reject(ballot: Ballot & { reason: string }): Promise<Answer> {
    const seen = await load(store, ballot.id);
    if (seen.requester === ballot.user) return cancel(ballot);
    const { revision, gesture, reason } = ballot;
    return decide(ballot, (_, by) => ({ type: 'rejected', by, reason, revision, gesture }));
  }

  async function settle(ballot: Pick<Ballot, 'id' | 'user'> & { succeeded: boolean }): Promise<Answer> {
    const seen = await load(store, ballot.id);
    await requireMember(people, ballot.user);
    if (!(await people.isInChannel(ballot.user, seen.origin.channel))) {
      return { request: seen, refused: 'Only members of the channel where this was asked can say how it ended.' };
    }
    const by = await personOf(ballot.user);
    return answer(
      await change(ballot.id, () => ({
        events: [
          {
            type: 'settled',
            by,
            outcome: ballot.succeeded
              ? { result: 'succeeded', text: 'Somebody looked: the change is there.' }
              : { result: 'failed', reason: 'NotApplied', text: 'Somebody looked: the change is not there.' },
          },
        ],
      })),
    );
  }

  return {
    async ask(ask) {
      await requireMember(people, ask.requester);
      return create(ask);
    },
    approve: vote,
    withdraw,
    reject,
    cancel,
    settle,
    async undo({ id, user, gestureKey, origin }) {
      const request = await load(store, id);
      await requireMember(people, user);
      const back =
        request.plan && canBeTakenBack(request) ? findAction(request.action)?.undo?.(request.plan) : undefined;
      if (!back) return { request, refused: 'There is nothing to undo here.' };
      const reason = `Undo of ${request.id}`;
      const ask = { gestureKey, ...back, cluster: request.cluster, reason, requester: user, origin, undoOf: id };
      return { request: await create(ask) };
    },
    get: (id) => load(store, id),
    async inThread(channel, thread) {
      const found = await store.loadAll(await surfaces.inThread(channel, thread));
      return found.sort((a, b) => a.createdAt - b.createdAt);
    },
    shownBy: (channel, ts) => surfaces.shownBy(channel, ts),
    open: async (limit) => store.loadAll(await store.openIds(limit)),
    byRequester: async (user, limit) => store.loadAll(await store.idsByRequester(user, limit)),
    recent: async (limit) => store.loadAll(await store.recentIds(limit)),
  };
}
