import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalCluster } from '../../support/cluster/local-cluster.ts';
import type { LocalCluster } from '../../support/cluster/local-cluster-contract.ts';
import { deployment } from '../../support/cluster/manifests.ts';
import { realScheduler } from '../../support/cluster/scheduler.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { createQuickClock, keyOf, type LiveIncidents, startLiveIncidents } from './live-incidents.ts';

/** The 90 s of silence after which a watch is taken for dead are 3 s then. */
const FACTOR = 30;
const WITHIN_MS = 15_000;
const TOKEN = 'agent';

/** The product's own times, on a clock that runs thirty times as fast. */
describe('incidents are what the cluster shows, each once, where nothing ends the silence of the watches', () => {
  const clock = createQuickClock(FACTOR);
  let cluster: LocalCluster;
  let redis: TestRedis;
  let live: LiveIncidents;

  beforeEach(async () => {
    redis = await startRedis();
    const scheduler = { now: clock.now, after: realScheduler.after };
    cluster = await createLocalCluster({ scheduler, bookmarkEvery: 50, namespaces: ['shop'] });
    cluster.addUser(TOKEN, { name: TOKEN });
    live = await startLiveIncidents({ cluster, token: TOKEN, clock, redis });
  });
  afterEach(async () => {
    await live.stop();
    await cluster.stop();
    await redis.stop();
  });

  const ref = (name: string) => ({ kind: 'Deployment', namespace: 'shop', name });
  const make = (name: string) => cluster.apply(deployment(name, { namespace: 'shop' }));
  const crash = (name: string) => cluster.crash(ref(name));
  const crashes = (...names: string[]) => names.map((name) => `crash/Deployment/shop/${name}`);

  async function until(passes: () => boolean | Promise<boolean>, what: () => unknown): Promise<void> {
    const deadline = Date.now() + WITHIN_MS;
    while (!(await passes())) {
      if (Date.now() > deadline) throw new Error(`not within ${WITHIN_MS} ms: ${JSON.stringify(what())}`);
      await delay(10);
    }
  }

  /** Waits until just these crash, by the incidents. */
  async function open(...names: string[]): Promise<void> {
    let found: string[] = [];
    const wanted = crashes(...names).sort();
    await until(
      async () => {
        found = (await live.open()).map(keyOf);
        return found.join() === wanted.join();
      },
      () => found,
    );
  }

  const isReady = (name: string) =>
    cluster.podsOf(ref(name)).every(({ status }) => status?.containerStatuses?.[0]?.ready === true);
  const isCrashing = (name: string) =>
    cluster.podsOf(ref(name)).some(({ status }) => status?.containerStatuses?.[0]?.restartCount > 0);

  it('the connections hang', async () => {
    for (const name of ['lasting', 'ending']) crash(name);
    for (const name of ['lasting', 'ending', 'beginning']) make(name);
    await open('ending', 'lasting');
    const [, before] = await live.open();

    cluster.muteWatches();
    const silentSince = clock.now();
    crash('beginning');
    cluster.recover(ref('ending'));
    await until(
      () => isReady('ending') && isCrashing('beginning'),
      () => cluster.list('Pod'),
    );
    await open('beginning', 'lasting');

    const incidents = await live.all();
    const ended = incidents.find(({ owner }) => owner.name === 'ending');
    // It was not called over by the time that passed while nothing was heard.
    expect(ended?.resolvedAt).toBeGreaterThan(silentSince + 60_000);
    expect(ended).toMatchObject({ state: 'resolved', episode: 1 });
    expect((await live.open()).find(({ id }) => id === before?.id)).toMatchObject({
      episode: 1,
      owner: { name: 'lasting' },
    });
    cluster.recover(ref('lasting'));
    cluster.recover(ref('beginning'));
    await open();
    // A Deployment that was well for a moment has told of its rollout, too.
    const crashed = incidents.filter(({ cause }) => cause === 'crash');
    expect(crashed.map(({ episode }) => episode)).toEqual([1, 1, 1]);
  }, 60_000);

  it('the cluster is put back to a backup, and says nothing until it gets to the versions of before', async () => {
    crash('relapsing');
    for (const name of ['relapsing', 'healed']) make(name);
    await open('relapsing');
    await until(
      () => isReady('healed'),
      () => cluster.list('Pod'),
    );
    let restore: (() => void) | undefined;
    const isBackedUp = () => {
      const isDown = cluster.podsOf(ref('relapsing')).every((pod) => {
        return pod.status?.containerStatuses[0].state.waiting?.reason === 'CrashLoopBackOff';
      });
      if (isDown) restore = cluster.backup();
      return isDown;
    };
    await until(isBackedUp, () => cluster.podsOf(ref('relapsing')));

    cluster.recover(ref('relapsing'));
    for (const name of ['healed', 'vanishing']) crash(name);
    make('vanishing');
    await open('healed', 'vanishing');
    // So far ahead that the restored cluster does not get there.
    for (let n = 0; n < 500; n++)
      cluster.apply(deployment('busy', { namespace: 'shop', replicas: 0, image: `busy:${n}` }));
    cluster.freeze(ref('relapsing'));
    cluster.recover(ref('healed'));
    restore?.();
    await open('relapsing');
    const incidents = await live.all();
    const episodes = Object.fromEntries(
      incidents.map(({ owner, cause, episode }) => [`${cause} ${owner.name}`, episode]),
    );
    expect(episodes).toMatchObject({ 'crash relapsing': 2, 'crash healed': 1, 'crash vanishing': 1 });
    cluster.recover(ref('relapsing'));
    await open();
  }, 60_000);
});
