import { Redis } from 'ioredis';
import { createSurfaces } from '../../jobs/surfaces.ts';
import type { Action } from '../../src/actions/action.ts';
import type { PolicyRule } from '../../src/config.ts';
import { createChange } from '../../src/requests/change.ts';
import { createDesk } from '../../src/requests/desk.ts';
import { createHub } from '../../src/requests/hub.ts';
import type { Intent } from '../../src/requests/intents.ts';
import { createKeys } from '../../src/requests/keys.ts';
import type { Report } from '../../src/requests/order.ts';
import type { Identity } from '../../src/requests/person.ts';
import type { Request } from '../../src/requests/request.ts';
import type { Ask, People } from '../../src/requests/requests.ts';
import { createStore } from '../../src/requests/store.ts';
import { startRedis } from '../support/redis.ts';
import { plan, T0 } from './sample.ts';

/** People as a test states them; anybody else is a full member who is in every channel. */
export function statedPeople() {
  const standings = new Map<string, Awaited<ReturnType<People['standing']>>>();
  const absent = new Set<string>();
  const groups = new Map<string, string[]>();
  const identities = new Map<string, Identity>();
  const people: People = {
    standing: async (user) => standings.get(user) ?? 'member',
    whoIs: async (user) => identities.get(user) ?? {},
    isInChannel: async (user) => !absent.has(user),
    isInGroup: async (user, group) => groups.get(group)?.includes(user) ?? false,
  };
  return { people, standings, absent, groups, identities };
}

/** The hub on a real Redis, with a clock and people of the test; the test plays the agent. */
export async function startHubKit(options: { rules?: readonly PolicyRule[] } = {}) {
  const server = await startRedis();
  const keys = createKeys(server.prefix);
  const clock = { now: T0 };
  const forbidden = new Set<string>();
  const { people, ...stated } = statedPeople();
  const connections: Redis[] = [];
  let ids = 0;
  let gestures = 0;

  /** Another hub process, as far as Redis can tell. `afterLoad` happens once, right after it has loaded a request. */
  function startHub({
    afterLoad,
    actions,
    rules = options.rules ?? [],
  }: {
    afterLoad?: () => Promise<void>;
    actions?: readonly Action[];
    rules?: readonly PolicyRule[];
  } = {}) {
    const redis = new Redis(server.url);
    connections.push(redis);
    const stored = createStore(redis, keys);
    let meanwhile = afterLoad;
    const store: typeof stored = {
      ...stored,
      async load(id) {
        const request = await stored.load(id);
        const happens = meanwhile;
        meanwhile = undefined;
        await happens?.();
        return request;
      },
    };
    const surfaces = createSurfaces(redis, keys);
    const dispatched: Intent[] = [];
    const dispatch = async (intents: readonly Intent[]) => {
      dispatched.push(...intents);
      await Promise.all(intents.map((intent) => store.settleIntent(intent.id)));
    };
    const now = () => clock.now;
    const base = { store, surfaces, dispatch, onCommit: () => undefined, now };
    const change = createChange(base);
    const desk = createDesk({ ...base, change, people, actions, newId: () => `req${++ids}` });
    const hub = createHub({
      store,
      change,
      people,
      rules,
      allowsNamespace: (namespace) => !forbidden.has(namespace),
      actions,
      keepReading: surfaces.keepReading,
      now,
    });
    return { redis, store, surfaces, desk, hub, dispatched };
  }
  const first = startHub();

  const ask = (changes: Partial<Ask> = {}, desk = first.desk) =>
    desk.ask({
      gestureKey: `g${++gestures}`,
      cluster: 'test',
      action: 'scale',
      input: plan.input,
      reason: undefined,
      requester: 'UALICE',
      origin: { channel: 'C1', thread: undefined, gesture: 'command' },
      ...changes,
    });

  const planned = (request: Pick<Request, 'id' | 'revision'>, of: Partial<typeof plan> = {}): Promise<void> =>
    first.hub.report({
      type: 'planned',
      request: request.id,
      revision: request.revision,
      plan: { ...plan, target: { ...plan.target, uid: `uid-of-${request.id}` }, ...of } as Extract<
        Report,
        { type: 'planned' }
      >['plan'],
    });

  return {
    ...first,
    ...stated,
    keys,
    clock,
    /** Namespaces that opsbot is not configured for. */
    forbidden,
    startHub,
    ask,
    planned,
    /** Planned for a workload of its own, unless `of` says otherwise. */
    async pending(of: Partial<typeof plan> = {}): Promise<Request> {
      const request = await ask();
      await planned(request, of);
      return first.desk.get(request.id);
    },
    async stop() {
      for (const redis of connections) redis.disconnect();
      await server.stop();
    },
  };
}
