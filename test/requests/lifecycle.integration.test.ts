import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chain, GENESIS } from '../../src/requests/audit.ts';
import { isStep, isTerminal, type Request, STATES } from '../../src/requests/request.ts';
import { startHubKit } from './hub-kit.ts';
import { after, type Ballot, type Command, type Model, RULES, reportOf } from './lifecycle-model.ts';
import { T0 } from './sample.ts';

/** `LIFECYCLE_SEED` plays the same commands again. */
const { LIFECYCLE_SEED = String(Date.now() % 100_000) } = process.env;
const RUNS = 200;
const HUBS = 3;

const PEOPLE = ['UALICE', 'UBOB', 'UCAROL', 'UDAVE'];
const IDS = ['one', 'two', 'three', 'four'];
const user = fc.constantFrom(...PEOPLE);
const namespace = fc.constantFrom('free', 'own', 'two', 'default');
/** Which request, of those that were asked for so far; some commands are about none. */
const of = fc.nat({ max: 3 });
const ballot = {
  of,
  user,
  gesture: fc.constantFrom('button', 'reaction'),
  behind: fc.constantFrom(0, 0, 0, 1),
};

const asks = fc.record({
  type: fc.constant('asks' as const),
  id: fc.constantFrom(...IDS),
  requester: user,
});
const decides = fc.record({
  type: fc.constantFrom('approves', 'approves', 'approves', 'withdraws', 'rejects', 'cancels', 'settles'),
  ...ballot,
}) as fc.Arbitrary<Command>;
const timer = fc.record({ type: fc.constantFrom('expires', 'releases', 'releases', 'resumes', 'lapses'), of });
const reports = fc.record({
  type: fc.constant('reports' as const),
  of,
  behind: ballot.behind,
  earlier: fc.constantFrom(0, 0, 1),
  what: fc.constantFrom(
    ...([
      'planned',
      'planned',
      'plan-failed',
      'applied',
      'finished',
      'undone',
      'drifted',
      'lost',
      'progressed',
    ] as const),
  ),
  namespace,
}) as fc.Arbitrary<Command>;
const anything: fc.Arbitrary<Command> = fc.oneof(
  { weight: 2, arbitrary: asks },
  { weight: 6, arbitrary: decides },
  { weight: 5, arbitrary: timer },
  { weight: 7, arbitrary: reports },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('waits'), ms: fc.constantFrom(1_000, 61_000, 3_600_000) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('leaves', 'comes back'), user }) },
) as fc.Arbitrary<Command>;
/** Two that meet at the same request. */
const race = fc
  .record({ of, pair: fc.tuple(fc.oneof(decides, timer, reports), fc.oneof(decides, timer, reports)) })
  .map(({ of, pair }) => pair.map((command) => ({ ...command, of }) as Command));
/** A request that somebody asked for and that waits for votes, or already has some. */
function beginningOf(of: number): fc.Arbitrary<Command[]> {
  return fc
    .record({ asker: user, voters: fc.shuffledSubarray(PEOPLE), namespace })
    .map(({ asker, voters, namespace }) => [
      { type: 'asks', id: IDS[of] ?? '', requester: asker },
      { type: 'reports', of, behind: 0, earlier: 0, what: 'planned', namespace },
      ...voters.map((user): Command => ({ type: 'approves', of, user, gesture: 'reaction', behind: 0 })),
    ]);
}
/** How things mostly go for a request, so that others find it at every stage of its life. */
const life = fc
  .record({
    of,
    asker: user,
    voters: fc.shuffledSubarray(PEOPLE, { minLength: 2 }),
    namespace,
    ending: fc.constantFrom('finished', 'finished', 'lost', 'rejected', 'lapsed', 'interrupted'),
    steps: fc.nat({ max: 9 }),
  })
  .map(({ of, asker, voters, namespace, ending, steps }) => {
    const says = (what: 'planned' | 'applied' | 'finished' | 'lost'): Command => {
      return { type: 'reports', of, behind: 0, earlier: 0, what, namespace };
    };
    const votes = (type: 'approves' | 'rejects') =>
      voters.map((user): Command => ({ type, of, user, gesture: 'reaction', behind: 0 }));
    const releases: Command[] = [...votes('approves'), { type: 'releases', of }];
    const endings: Record<typeof ending, Command[]> = {
      finished: [...releases, says('applied'), says('finished')],
      lost: [...releases, says('lost')],
      rejected: votes('rejects'),
      lapsed: [...releases, { type: 'waits', ms: 91_000 }, { type: 'lapses', of }],
      interrupted: releases.slice(0, steps),
    };
    return [{ type: 'asks', id: IDS[of], requester: asker } as Command, says('planned'), ...endings[ending]];
  });
const moment = fc.oneof({ weight: 3, arbitrary: anything.map((command) => [command]) }, { weight: 1, arbitrary: life });

let kit: Awaited<ReturnType<typeof startHubKit>>;
let hubs: Pick<typeof kit, 'desk' | 'hub' | 'redis' | 'store'>[];
let runs = 0;

beforeAll(async () => {
  kit = await startHubKit({ rules: RULES });
  hubs = [kit, ...Array.from({ length: HUBS - 1 }, () => kit.startHub())];
});
afterAll(() => kit.stop());

/** The requests of one run on the real store; the model calls them by other ids. */
interface Real {
  run: string;
  ids: Map<string, string>;
}

async function does({ run, ids }: Real, { requests }: Model, command: Command, at: number): Promise<void> {
  const { desk, hub } = hubs[at % HUBS] ?? kit;
  if (command.type === 'asks') {
    const { requester } = command;
    const request = await kit.ask({ gestureKey: `${run}-${command.id}`, requester }, desk);
    ids.set(command.id, request.id);
    return;
  }
  if (command.type === 'waits') kit.clock.now += command.ms;
  if (command.type === 'leaves') kit.absent.add(command.user);
  if (command.type === 'comes back') kit.absent.delete(command.user);
  if (!('of' in command)) return;
  const known = requests[command.of];
  if (!known) return;
  const request = { ...known, id: ids.get(known.id) ?? '' };
  switch (command.type) {
    case 'releases':
      return hub.release(request.id);
    case 'expires':
      return hub.expire(request.id);
    case 'resumes':
      return hub.resume(request.id);
    case 'lapses':
      return hub.lapse(request.id);
    case 'reports':
      return hub.report(reportOf(command, request, run));
    default: {
      const { user: who, gesture, behind } = command as typeof command & Ballot;
      const vote = { id: request.id, user: who, gesture, revision: request.revision - behind, reason: '' };
      const verbs = { approves: desk.approve, withdraws: desk.withdraw, rejects: desk.reject, cancels: desk.cancel };
      if (command.type === 'settles') await desk.settle({ ...vote, succeeded: true });
      else await verbs[command.type](vote);
    }
  }
}

/** As the store keeps it, under the ids of the model. */
async function stored({ ids }: Real): Promise<unknown[]> {
  const names = new Map([...ids].map(([name, id]) => [id, name]));
  const json = JSON.stringify(await kit.store.loadAll([...ids.values()]));
  return JSON.parse(json.replaceAll(/\breq\d+\b/g, (id) => names.get(id) ?? id)) as unknown[];
}

/** What JSON keeps of it. */
const plain = (requests: readonly Request[]) => JSON.parse(JSON.stringify(requests)) as unknown[];

async function locksOf({ ids, run }: Real): Promise<Record<string, string>> {
  const names = new Map([...ids].map(([name, id]) => [id, name]));
  const uids = ['free', 'own', 'two', 'default'].map((namespace) => `uid-${run}-${namespace}`);
  const held = await kit.redis.mget(uids.map((uid) => kit.keys.workloadLock('test', uid)));
  return Object.fromEntries(uids.flatMap((uid, at) => (held[at] ? [[uid, names.get(held[at] ?? '') ?? '?']] : [])));
}

function begin(): { real: Real; model: Model } {
  kit.clock.now = T0;
  kit.absent.clear();
  return { real: { run: String(++runs), ids: new Map() }, model: { now: T0, requests: [], locks: {}, absent: [] } };
}

async function expectSame(real: Real, model: Model): Promise<void> {
  expect(await stored(real)).toEqual(plain(model.requests));
  expect(await locksOf(real)).toEqual(model.locks);
}

async function play(commands: readonly Command[]) {
  const begun = begin();
  let { model } = begun;
  for (const [at, command] of commands.entries()) {
    await does(begun.real, model, command, at);
    model = after(model, command, begun.real.run);
  }
  return { ...begun, model };
}

/** The model, as fast-check wants it: something that changes. */
interface Held {
  model: Model;
  done: number;
}

/** How often requests were seen in each state. */
const visits = new Map<string, number>();

/** Commands that are done one after the other, by one hub after the other; stored and thought agree after each. */
class Moment implements fc.AsyncCommand<Held, Real> {
  readonly commands: readonly Command[];
  constructor(commands: readonly Command[]) {
    this.commands = commands;
  }
  check = () => true;
  async run(held: Held, real: Real): Promise<void> {
    for (const command of this.commands) {
      await does(real, held.model, command, held.done++);
      held.model = after(held.model, command, real.run);
      await expectSame(real, held.model);
      for (const { state } of held.model.requests) visits.set(state, (visits.get(state) ?? 0) + 1);
    }
  }
  toString = () => JSON.stringify(this.commands);
}

/** `denied` needs a policy that has no room here; `proposed` and `stale` are passed through, never left over. */
const RESTS = STATES.filter((state) => !['denied', 'proposed', 'stale'].includes(state));
const params = { seed: Number(LIFECYCLE_SEED), numRuns: RUNS };

it(`does to stored requests what the state machine says, whichever hub does it (LIFECYCLE_SEED=${LIFECYCLE_SEED})`, async () => {
  visits.clear();
  const moments = fc.commands([moment.map((commands) => new Moment(commands))], { maxCommands: 40, size: 'max' });
  await fc.assert(
    fc.asyncProperty(moments, async (commands) => {
      const { real, model } = begin();
      const held = { model, done: 0 };
      await fc.asyncModelRun(() => ({ model: held, real }), commands);
      const open = new Set(await kit.store.openIds(10_000));
      const isOpen = held.model.requests.map(({ id }) => open.has(real.ids.get(id) ?? ''));
      expect(isOpen).toEqual(held.model.requests.map(({ state }) => !isTerminal(state)));
    }),
    params,
  );
  console.log(`seen: ${[...visits].map(([state, count]) => `${count} ${state}`).join(', ')}`);
  // Commands that are all refused would agree with anything.
  for (const state of RESTS) expect(visits.get(state) ?? 0, state).toBeGreaterThan(0);
  await expectAudited();
}, 60_000);

it(`does one after the other what two hubs do at once (LIFECYCLE_SEED=${LIFECYCLE_SEED})`, async () => {
  let decisive = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(...IDS.map((_, at) => beginningOf(at))),
      fc.array(race, { minLength: 1, maxLength: 12, size: 'max' }),
      async (beginnings, races) => {
        const begun = await play(beginnings.flat());
        const { real } = begun;
        let { model } = begun;
        for (const commands of races) {
          const either = ordersOf(commands).map((order) =>
            order.reduce((now, command) => after(now, command, real.run, model), model),
          );
          if (commands.every((command) => after(model, command, real.run) !== model)) decisive++;
          await Promise.all(commands.map((command, at) => does(real, model, command, at)));
          const found = await stored(real);
          expect(either.map(({ requests }) => plain(requests))).toContainEqual(found);
          model = either.find(({ requests }) => isDeepStrictEqual(plain(requests), found)) ?? model;
        }
      },
    ),
    params,
  );
  console.log(`${decisive} races in which each would have done something`);
  expect(decisive).toBeGreaterThan(RUNS / 4);
}, 60_000);

/**
 * In which order both may have been done. A release and its like go by what they saw before; where the request moved on
 * meanwhile they leave it to the next look.
 */
function ordersOf(commands: readonly Command[]): Command[][] {
  const givesWay = ({ type }: Command) => type === 'releases' || type === 'resumes';
  const alone = commands.flatMap((command, at) => (givesWay(command) ? [commands.toSpliced(at, 1)] : []));
  return [[...commands], commands.toReversed(), ...alone];
}

/** The log's chain is whole, and says of each request what its steps say. */
async function expectAudited(): Promise<void> {
  const log = await kit.redis.xrange(kit.keys.audit, '-', '+');
  const told = new Map<string, string[]>();
  let head = GENESIS;
  for (const [, [, hash, , text = '']] of log) {
    const entry = JSON.parse(text);
    expect(chain(head, entry).hash).toBe(hash);
    head = hash ?? '';
    told.set(entry.request, [...(told.get(entry.request) ?? []), entry.event]);
  }
  const requests: Request[] = await kit.store.loadAll([...told.keys()]);
  for (const { id, steps } of requests) {
    expect(told.get(id)).toEqual(steps.filter(({ event }) => isStep({ type: event })).map(({ event }) => event));
  }
}
