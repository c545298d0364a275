import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPodLife, HAPPENINGS, type Happening, POD_NAMES, SLOTS } from '../../incidents/pod-life.ts';
import { createLocalCluster } from '../../support/cluster/local-cluster.ts';
import type { LocalCluster } from '../../support/cluster/local-cluster-contract.ts';
import { realScheduler } from '../../support/cluster/scheduler.ts';
import type { KubeObject } from '../../support/cluster/types.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { createQuickClock, keyOf, type LiveIncidents, settings, startLiveIncidents } from './live-incidents.ts';

const FACTOR = 30;
/** Sequences that are tried; each takes the time of a `quiet` and some pauses after failures. */
const RUNS = 16;
const WITHIN_MS = 20_000;

/** What the shaken agent goes through, and the steady one does not. */
const DISTURBANCES = [
  'cut in an event',
  'cut and forgotten',
  'sent twice',
  'failing',
  'refused',
  'muted',
  'heard again',
  'restarted',
] as const;
type Disturbance = (typeof DISTURBANCES)[number];

type Step = { pause: number } & (
  | { kind: 'happening'; happening: Happening; slot: number }
  | { kind: 'disturbance'; disturbance: Disturbance }
);

const pause = fc.integer({ min: 0, max: 40 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('happening' as const),
      // Its kubelet would end what terminates, on its own time.
      happening: fc.constantFrom(...HAPPENINGS.filter((happening) => happening !== 'terminate')),
      slot: fc.nat({ max: SLOTS - 1 }),
      pause,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('disturbance' as const),
      disturbance: fc.constantFrom(...DISTURBANCES),
      pause,
    }),
  },
);

const SHAKEN = { user: 'shaken' };

function disturb(cluster: LocalCluster, disturbance: Exclude<Disturbance, 'restarted'>): void {
  switch (disturbance) {
    case 'cut in an event':
      cluster.faultWatches('cut mid-event', SHAKEN, 2);
      break;
    case 'cut and forgotten':
      cluster.faultWatches('cut mid-event', SHAKEN);
      cluster.compact();
      break;
    case 'sent twice':
      cluster.faultWatches('send twice', SHAKEN, 5);
      break;
    case 'failing':
      cluster.fault({ kind: 'answer', status: 500 }, SHAKEN, 6);
      break;
    case 'refused':
      cluster.fault({ kind: 'cut' }, SHAKEN, 6);
      break;
    case 'muted':
      cluster.muteWatches(SHAKEN);
      break;
    case 'heard again':
      cluster.unmuteWatches();
      break;
  }
}

/** The API server comes to have just these objects. */
function writeAll(
  cluster: LocalCluster,
  { pods, nodes }: ReturnType<ReturnType<typeof createPodLife>['objects']>,
): void {
  const { store } = cluster;
  for (const node of nodes) store.put('nodes', { apiVersion: 'v1', kind: 'Node', ...node } as KubeObject);
  const wanted = new Map(pods.map((pod) => [pod.metadata?.name, pod]));
  for (const { metadata } of store.list('pods')) {
    const isSame = wanted.get(metadata.name)?.metadata?.uid === metadata.uid;
    if (!isSame) store.remove('pods', metadata.namespace, metadata.name);
  }
  for (const pod of pods) store.put('pods', { apiVersion: 'v1', kind: 'Pod', ...pod } as KubeObject);
}

async function unresolved(live: LiveIncidents) {
  const open = await live.open();
  return open.map((incident) => ({
    key: keyOf(incident),
    state: incident.state,
    kind: incident.kind,
    severity: incident.severity,
    findings: incident.findings.map(({ kind, count, calmSince }) => [kind, count, calmSince === undefined]),
  }));
}

/** Waits until all of them know the cluster as of then, and nothing is on its way to be over. */
async function settled(agents: readonly LiveIncidents[], then: number): Promise<void> {
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const isCurrent = agents.every((agent) => agent.asOf() >= then);
    const open = (await Promise.all(agents.map((agent) => agent.open()))).flat();
    // One that has just become calm still looks open for a while.
    const isStill = open.every(({ state, calmSince }) => state === 'open' && calmSince === undefined);
    if (isCurrent && isStill) return;
    if (Date.now() > deadline) throw new Error(`not settled: ${agents.map((agent) => agent.asOf() - then).join()}`);
    await delay(10);
  }
}

/** A cluster with nothing in it, and those who look at it. Each has a user and a part of Redis of its own. */
async function raise(redis: TestRedis) {
  const clock = createQuickClock(FACTOR);
  const scheduler = { now: clock.now, after: realScheduler.after };
  const cluster = await createLocalCluster({ scheduler, bookmarkEvery: 50, nodes: 0, namespaces: ['shop'] });
  // Nobody but the test moves these pods.
  for (const name of POD_NAMES) cluster.freeze({ kind: 'Pod', namespace: 'shop', name });
  return {
    clock,
    cluster,
    agent(token: string, term?: number): Promise<LiveIncidents> {
      cluster.addUser(token, { name: token });
      return startLiveIncidents(
        { cluster, token, clock, redis: { ...redis, prefix: `${redis.prefix}:${token}` } },
        term,
      );
    },
  };
}

/** Lives through it, undisturbed and disturbed at the same time; then somebody looks for the first time. */
async function play(redis: TestRedis, steps: readonly Step[]) {
  const { clock, cluster, agent } = await raise(redis);
  const life = createPodLife();
  const steady = await agent('steady');
  let shaken = await agent('shaken');
  let term = 1;

  async function take(step: Step): Promise<void> {
    await delay(step.pause);
    if (step.kind === 'happening') {
      life.happen(step.happening, step.slot, clock.now());
      writeAll(cluster, life.objects());
    } else if (step.disturbance === 'restarted') {
      await shaken.stop();
      term += 1;
      shaken = await agent('shaken', term);
    } else {
      disturb(cluster, step.disturbance);
    }
  }

  try {
    for (const step of steps) await take(step);
    cluster.clearFaults();
    const fresh = await agent('fresh');
    const agents = [steady, shaken, fresh];
    try {
      // By then all that is over is called over, and who waits for a node has waited for long enough.
      await settled(agents, clock.now() + settings.quietMs + settings.pendingMs);
      return await Promise.all(agents.map(unresolved));
    } finally {
      await fresh.stop();
    }
  } finally {
    await Promise.all([steady.stop(), shaken.stop()]);
    await cluster.stop();
  }
}

describe('for random sequences of pod statuses, through the real list-watches and Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  it('what is open in the end is the same, however it was cut into connections, lists and restarts', async () => {
    const seed = Number(process.env.FC_SEED ?? Date.now() % 1_000_000);
    console.log(`FC_SEED=${seed}`);
    let runs = 0;
    let found = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 50 }), async (steps) => {
        const [steady, shaken, fresh] = await play({ ...redis, prefix: `${redis.prefix}:${++runs}` }, steps);
        expect(shaken).toEqual(steady);
        expect(fresh).toEqual(steady);
        found += steady?.length ?? 0;
      }),
      { seed, numRuns: RUNS, endOnFailure: true },
    );
    // Not all of them end with nothing to be seen.
    expect(found).toBeGreaterThan(RUNS / 4);
  }, 120_000);
});
