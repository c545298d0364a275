import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Dispatch } from '../src/requests/change.ts';
import type { Hub } from '../src/requests/hub.ts';
import type { Intent, IntentKind } from '../src/requests/intents.ts';
import type { Keys } from '../src/requests/keys.ts';
import type { Request } from '../src/requests/request.ts';
import type { Store } from '../src/requests/store.ts';
import { regarding } from '../src/telemetry/work.ts';
import { markerOf } from './carry-out.ts';
import type { Dispatcher } from './dispatcher.ts';
import { every } from './every.ts';
import { readFence } from './journal.ts';
import { isOrderWaiting, isPlanWaiting, type Queues } from './queues.ts';
import { idle } from './running.ts';

/**
 * Looks at what is open and sets going again what stands still: after a crash, a lost job, a late timer. It decides
 * nothing itself; everything it does goes the same way as the first time.
 */
export interface ReconcilerDependencies {
  store: Store;
  redis: Redis;
  keys: Keys;
  hub: Hub;
  dispatcher: Dispatcher;
  queues: Queues;
  logger: Logger;
  now(): number;
}

/** In ms: how often intents are swept, and open requests looked at. */
const SWEEP_EVERY_MS = 1_000;
const LOOK_EVERY_MS = 2_000;
/** Every request's surfaces are looked at again so often. */
const SHOW_EVERY_MS = 60_000;
/** How often a plan that got lost is asked for; ms. A process that ends may take one along, and so may the next. */
const PLAN_EVERY_MS = 10_000;
/** A request that moved less than this ago, in ms, is being dealt with. */
const STANDSTILL_MS = 5_000;
/** An agent says within 10 s why it has no plan; one that says nothing for so long, in ms, hangs. */
const SILENCE_MS = 15_000;
/** More open requests than people can look at; beyond it, the newest are looked at first. */
const LIMIT = 5_000;

const nobodyIn = (cluster: string) => `No agent of cluster ${cluster} has taken this up yet.`;

export function createReconciler(deps: ReconcilerDependencies) {
  const { store, redis, keys, hub, dispatcher, queues, logger, now } = deps;

  /** The time in the id makes it another job than the one that got lost; one is enough every so many ms. */
  function again(kind: IntentKind, request: Request, everyMs: number): Intent {
    const { id, version, cluster } = request;
    const slot = Math.floor(now() / everyMs);
    return { id: `${id}-${version}-${kind}-${slot}`, kind, request: id, cluster, notBefore: now(), at: now() };
  }

  const dispatch: Dispatch = (intents) => dispatcher.dispatch(intents);

  /** An order is sent again only where it is neither waiting nor being carried out: its agent went away in the middle. */
  async function resumeIfLost(request: Request): Promise<void> {
    if (now() - (request.order?.at ?? 0) < STANDSTILL_MS) return;
    if (!(await isOrderWaiting(queues, request))) return hub.resume(request.id);
    await hub.hinder(request.id, nobodyIn(request.cluster));
    await hub.lapse(request.id, await isBegun(request));
  }

  /** An order that was handed on twice may wait in its queue and have been begun with all the same. */
  async function isBegun({ cluster, id, revision }: Request): Promise<boolean> {
    return (await readFence(redis, keys, cluster, markerOf({ request: id, revision }))) !== undefined;
  }

  async function setGoing(request: Request): Promise<void> {
    if (request.expiresAt !== undefined && now() >= request.expiresAt) return hub.expire(request.id);
    if (now() - request.updatedAt < STANDSTILL_MS) return;
    if (request.state === 'approved') return hub.release(request.id);
    if (request.state === 'received') return askAgain(request);
  }

  /** Its plan is late: no agent has taken it up, or the one that has is silent, or it got lost. */
  async function askAgain(request: Request): Promise<void> {
    if (!request.hindrance && (await isPlanWaiting(queues, request))) {
      return hub.hinder(request.id, nobodyIn(request.cluster));
    }
    if (now() - request.updatedAt >= SILENCE_MS && !request.hindrance) {
      await hub.hinder(request.id, `No agent of cluster ${request.cluster} has answered yet.`);
    }
    // Where orders wait, it is agents that are missing, and further orders would be no help.
    const isTaken = (await queues.agent(request.cluster).getWaitingCount()) === 0;
    if (isTaken) await dispatch([again('plan', request, PLAN_EVERY_MS)]);
  }

  async function look(): Promise<void> {
    const open = await store.loadAll(await store.openIds(LIMIT));
    const executing = open.filter((request) => request.state === 'executing');
    const nobodys = await idle(redis, keys, executing);
    for (const request of open) {
      if (request.state === 'executing' && !nobodys.has(request.id)) continue;
      await regarding({ request: request.id }, () => help(request));
    }
  }

  async function help(request: Request): Promise<void> {
    const task = request.state === 'executing' ? resumeIfLost(request) : setGoing(request);
    await task.catch((err: unknown) => logger.warn({ err }, 'request not set going; trying again'));
  }

  /** Surfaces of what is open and of what ended lately; one that is up to date costs no call to Slack. */
  async function showAll(): Promise<void> {
    const ids = new Set([...(await store.openIds(LIMIT)), ...(await store.recentIds(100))]);
    const requests = await store.loadAll([...ids]);
    await dispatch(requests.map((request) => again('show', request, SHOW_EVERY_MS)));
  }

  return {
    look,
    start() {
      const tasks = [
        every(SWEEP_EVERY_MS, 'sweep', () => dispatcher.sweep(), logger),
        every(LOOK_EVERY_MS, 'reconciling', look, logger),
        every(SHOW_EVERY_MS, 'reconciling surfaces', showAll, logger),
      ];
      for (const { run } of tasks) run();
      return { stop: () => Promise.all(tasks.map((task) => task.stop())) };
    },
  };
}
