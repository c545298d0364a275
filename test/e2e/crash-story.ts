import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createSurfaces } from '../../jobs/surfaces.ts';
import { createKeys, type Keys } from '../../src/requests/keys.ts';
import { isTerminal, type Request } from '../../src/requests/request.ts';
import { createStore } from '../../src/requests/store.ts';
import type { Kit } from '../support/cluster/kit.ts';
import { deployment } from '../support/cluster/manifests.ts';
import type { SeenMessage } from '../support/slack/people/looking.ts';
import type { CrashPoint } from './crash-gate.ts';
import { type CrashStage, raiseCrashStage } from './crash-stage.ts';

/** Locks and signs of life of a dead process run out within 10 s; with a margin for a busy machine. In ms. */
const RECOVERS_WITHIN_MS = 60_000;
/** Redis cannot tell when all is quiet; it is asked again so often, in ms. */
const LOOK_EVERY_MS = 50;
/** Not the agent's: an order that a crash interrupted stays “active” there until its lock has run out, and does nothing. */
const QUEUES = ['requests', 'reports', 'surfaces'];

export interface Interruption {
  /** Where opsbot is killed, one process after the other; default: never, but its steps are known. */
  crashes?: readonly CrashPoint[];
  /** While opsbot is away somebody sets the old value back, where the new one is there; `replace` drops annotations. */
  setsBack?: 'scale' | 'replace' | undefined;
}

const NEVER: CrashPoint = () => false;

/** A Deployment is scaled from 3 to 5: alice asks, bob approves, opsbot is killed on the way and comes back. */
export async function playStory(kit: Kit, { crashes = [NEVER], setsBack }: Interruption) {
  const namespace = await kit.namespace();
  const ref = { kind: 'Deployment', namespace, name: 'nginx' };
  await kit.apply(deployment('nginx', { namespace, replicas: 3 }));
  await kit.rolledOut(ref);
  let wasSetBack = false;

  async function setBack(): Promise<void> {
    if ((await kit.get(ref))?.spec.replicas !== 5) return;
    wasSetBack = true;
    const annotations = setsBack === 'replace' ? { annotations: { 'opsbot.dev/request': null } } : {};
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/nginx`;
    const body = { metadata: annotations, spec: { replicas: 3 } };
    await kit.request('PATCH', path, { contentType: 'application/merge-patch+json', body });
  }

  const stage = await raiseCrashStage(kit, { crashes, meanwhile: setsBack && setBack });
  const redis = new Redis(stage.redisUrl);
  try {
    const said = await stage.slack.person('alice').mentions('ops', `scale nginx ${namespace} 5`);
    await approve(stage);
    const requests = await settled(redis, createKeys());
    const settledIn = stage.sinceStart();
    return {
      ...{ ref, requests, wasSetBack },
      crashed: stage.crashed(),
      steps: stage.steps(),
      settledIn,
      thread: stage.slack.person('bob').thread(said),
      violations: stage.slack.violations.filter(({ kind }) => kind !== 'no-ack'),
      audit: await auditOf(redis, createKeys()),
      writes: await kit.changesOf(ref),
    };
  } finally {
    redis.disconnect();
    await stage.stop();
  }
}

export type Played = Awaited<ReturnType<typeof playStory>>;

/** Clicks as somebody does who sees an error: again, as soon as opsbot is back, for as long as the button is there. */
async function approve({ slack, ready }: CrashStage): Promise<void> {
  const bob = slack.person('bob');
  const isOpen = (message: SeenMessage) => message.buttons.includes('Approve');
  const card = await bob.waitsFor(isOpen, { in: 'ops', timeoutMs: RECOVERS_WITHIN_MS });
  while (bob.sees('ops').some((message) => message.ts === card.ts && isOpen(message))) {
    const click = await bob.clicks('Approve', { on: card });
    if (click.acked) return;
    await ready();
  }
}

/** The requests, once there is nothing left for opsbot to do: all ended (or waiting for a person), all told. */
async function settled(redis: Redis, keys: Keys): Promise<Request[]> {
  const store = createStore(redis, keys);
  const surfaces = createSurfaces(redis, keys);

  async function isTold(request: Request): Promise<boolean> {
    const surface = await surfaces.get(request.id);
    return surface !== undefined && surface.posting === undefined && surface.told === request.steps.length;
  }

  async function isIdle(): Promise<boolean> {
    const waiting = QUEUES.flatMap((queue) => ['wait', 'active'].map((list) => `${keys.prefix}:${queue}:${list}`));
    const lengths = await Promise.all(waiting.map((key) => redis.llen(key)));
    return lengths.every((length) => length === 0) && (await redis.hlen(keys.intents)) === 0;
  }

  const deadline = Date.now() + RECOVERS_WITHIN_MS;
  for (;;) {
    const requests = await store.loadAll(await store.recentIds(100));
    const ended = requests.every(({ state }) => isTerminal(state) || state === 'unknown');
    const told = await Promise.all(requests.map(isTold));
    if (requests.length > 0 && ended && told.every(Boolean) && (await isIdle())) return requests;
    if (Date.now() > deadline)
      throw new Error(`not settled: ${requests.map(({ state }) => state).join() || 'nothing'}`);
    await delay(LOOK_EVERY_MS);
  }
}

async function auditOf(redis: Redis, keys: Keys) {
  const stored = await redis.xrange(keys.audit, '-', '+');
  const entries = stored.map(([, [, hash = '', , entry = '']]) => ({ hash, entry }));
  return { entries, head: await redis.get(keys.auditHead) };
}
