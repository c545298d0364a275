import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDiagnosisWorker } from '../../jobs/diagnosis-worker.ts';
import { lookAt } from '../../jobs/incident-jobs.ts';
import { createPace } from '../../jobs/pace.ts';
import { startIncidents } from '../../jobs/start-incidents.ts';
import { NotFoundError } from '../../src/errors.ts';
import type { IncidentNotifier } from '../../src/incidents/incidents.ts';
import { RateLimited } from '../../src/requests/requests.ts';
import { createFakeCluster } from '../actions/fake-cluster.ts';
import { CLUSTER, sampleFinding, settings, WEB } from '../incidents/sample.ts';
import { startIncidentKit } from './incident-kit.ts';
import { createStandInSlack } from './stand-in-slack.ts';

const NODE = { kind: 'Node', namespace: '' };
const of = (name: string, namespace = 'shop') =>
  sampleFinding('crash-loop', { owner: { ...WEB, name, namespace }, since: Date.now() });
const QUIET_CHANNEL = [{ match: { namespace: ['quiet'] }, channel: 'CQUIET' }];

describe('incidents by way of queues', () => {
  let kit: Awaited<ReturnType<typeof startIncidentKit>>;
  let ends: (() => Promise<unknown>)[];
  beforeEach(async () => {
    kit = await startIncidentKit({ settings: { rules: QUIET_CHANNEL } });
    kit.clock.now = Date.now();
    ends = [];
  });
  afterEach(async () => {
    for (const end of ends.reverse()) await end();
    await kit.stop();
  });

  function connect(): Redis {
    const connection = new Redis(kit.url, { maxRetriesPerRequest: null });
    ends.push(async () => connection.disconnect());
    return connection;
  }

  function start(over: Partial<IncidentNotifier> = {}) {
    const { calls, notifier } = createStandInSlack(kit.surfaces, Date.now);
    const incidents = startIncidents({
      ...kit,
      connection: connect(),
      notifier: { ...notifier, ...over },
      pace: createPace(kit.redis, kit.keys, Date.now),
      settings: { ...settings, rules: QUIET_CHANNEL },
      now: Date.now,
    });
    let stopped: Promise<void> | undefined;
    const stop = () => {
      stopped ??= incidents.stop();
      return stopped;
    };
    ends.push(stop);
    return { said: () => calls.map(({ what }) => what), calls, notifier, stop };
  }

  it('shows what an agent told as soon as it says so', async () => {
    const { said } = start();
    await kit.tell([of('web')]);
    await lookAt(kit.queues, CLUSTER);
    await expect.poll(said, { interval: 5 }).toEqual(['post web']);
  });

  it('goes on where a crash left a commit unshown, or findings unseen', async () => {
    await kit.found([of('web')]);
    await kit.queues.channels.obliterate({ force: true });
    await kit.tell([of('web'), of('api')]);
    const { said } = start();
    await expect.poll(said, { timeout: 10_000 }).toEqual(expect.arrayContaining(['post web', 'post api']));
  });

  it('posts once with two hubs', async () => {
    const hubs = [start(), start()];
    await kit.tell([of('web'), of('api', 'quiet')]);
    for (let poke = 0; poke < 5; poke++) await lookAt(kit.queues, CLUSTER);
    const said = () => hubs.flatMap((hub) => hub.said()).toSorted();
    await expect.poll(said, { timeout: 10_000 }).toEqual(['post api', 'post web']);
    await expect.poll(() => kit.unshown.channels()).toEqual([]);
    expect(said()).toEqual(['post api', 'post web']);
  });

  it('does not let one channel that hangs hold up another', async () => {
    const hung = Promise.withResolvers<'done'>();
    const { said, notifier } = start({
      show: (incident) => (incident.channel === 'CALERTS' ? hung.promise : notifier.show(incident)),
    });
    await kit.tell([of('web'), of('api', 'quiet')]);
    await lookAt(kit.queues, CLUSTER);
    await expect.poll(said).toEqual(['post api']);
    hung.resolve('done');
    await expect.poll(() => kit.unshown.channels()).toEqual([]);
  });

  it('tries again when Slack says, with what is true by then', async () => {
    const asked: number[] = [];
    const { said, notifier } = start({
      async show(incident) {
        asked.push(incident.peak);
        if (asked.length === 1) throw new RateLimited(300);
        return notifier.show(incident);
      },
    });
    await kit.tell([of('web')]);
    await lookAt(kit.queues, CLUSTER);
    await expect.poll(() => asked.length, { interval: 5 }).toBe(1);
    const [incident] = await kit.store.open();
    if (!incident) throw new Error('not opened');
    await kit.store.commit({ before: incident, after: { ...incident, version: incident.version + 1, peak: 6 } });
    await expect.poll(said).toEqual(['post web']);
    expect(asked).toEqual([1, 6]);
  });

  it('stops within a call, although much is left', async () => {
    const { said, stop } = start();
    await kit.tell([of('a'), of('b'), of('c')]);
    await lookAt(kit.queues, CLUSTER);
    await expect.poll(said, { interval: 5 }).toEqual(['post a']);
    await stop();
    expect(said()).toEqual(['post a']);
    expect(await kit.redis.zcard(kit.keys.unshown('CALERTS'))).toBe(2);
  });

  it('takes evidence from an agent, but nothing that makes no sense', async () => {
    const worker = startDiagnosisWorker({
      ...kit,
      connection: connect(),
      prefix: kit.keys.prefix,
      clusterName: CLUSTER,
      cluster: createFakeCluster(),
      allowsNamespace: () => true,
      now: Date.now,
    });
    ends.push(() => worker.close());
    start();
    await kit.queues.incidents.add('diagnosed', { type: 'diagnosed', incident: 'x'.repeat(99) } as never);
    await kit.queues.incidents.add('?', { hello: 'world' } as never);
    await kit.tell([of('web')]);
    await lookAt(kit.queues, CLUSTER);
    const diagnosis = async () => (await kit.store.open())[0]?.diagnosis;
    await expect.poll(diagnosis, { timeout: 10_000 }).toEqual({ state: 'done' });
    const counts = await kit.queues.incidents.getJobCounts('waiting', 'delayed', 'failed');
    expect(counts).toEqual({ waiting: 0, delayed: 0, failed: 0 });
  });

  it('lets an agent look for evidence only where it may look, whoever has written the order', async () => {
    const asked: string[] = [];
    const note = async (namespace: string) => {
      asked.push(namespace);
      return [];
    };
    const cluster = Object.assign(createFakeCluster(), {
      getPod: (namespace: string) => note(namespace).then(() => Promise.reject(new NotFoundError('gone'))),
      getWorkload: ({ namespace }: { namespace: string }) => note(namespace).then(() => Promise.reject(new Error())),
      listPods: note,
    });
    const deps = { ...kit, connection: connect(), prefix: kit.keys.prefix, clusterName: CLUSTER, cluster };
    const worker = startDiagnosisWorker({ ...deps, allowsNamespace: (name) => name === 'shop', now: Date.now });
    ends.push(() => worker.close());
    const [rightful, node] = [of('web'), sampleFinding('node-not-ready', { owner: { ...NODE, name: 'n1' } })];
    const forged = [
      of('dns', 'kube-system'),
      sampleFinding('job-failed', { owner: { ...WEB, kind: 'Job', namespace: '' } }),
      { ...node, owner: { ...WEB, namespace: 'kube-system' } },
    ];
    const queue = kit.queues.diagnoses(CLUSTER);
    const validUntil = Date.now() + 60_000;
    for (const [index, findings] of [...forged, rightful, node].map((one) => [one]).entries()) {
      await queue.add('diagnose', { type: 'diagnose', incident: `i-${index}`, since: 1, findings, validUntil });
    }
    await expect.poll(() => queue.getCompletedCount(), { timeout: 10_000 }).toBe(5);
    expect([...new Set(asked)]).toEqual(['shop']);
    const told = (await kit.queues.incidents.getWaiting()).map(({ data }) => (data as { incident: string }).incident);
    expect(told.sort()).toEqual(['i-3', 'i-4']);
  });
});
