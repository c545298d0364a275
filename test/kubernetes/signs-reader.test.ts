import { describe, expect, it, vi } from 'vitest';
import type { LiveSnapshot } from '../../src/kubernetes/snapshot.ts';
import { createFakeClock } from './fake-clock.ts';
import { crashing, EMPTY, meta, ownedBy, pod, watchCluster } from './watched-cluster.ts';

const PODS = '/api/v1/pods';
const NODES = '/api/v1/nodes';
const DEPLOYMENTS = '/apis/apps/v1/deployments';
const REPLICA_SETS = '/apis/apps/v1/replicasets';
const JOBS = '/apis/batch/v1/jobs';

const at = (resourceVersion: number, more: object = {}) => ({ ...more, resourceVersion: String(resourceVersion) });
const ofWeb = { ...ownedBy('ReplicaSet', 'web-7d9f8'), labels: { 'pod-template-hash': '7d9f8' } };
const replicaSet = (replicas: number, more: object = ownedBy('Deployment', 'web')) => ({
  metadata: meta('web-7d9f8', 'shop', more),
  spec: { replicas },
});
const deployment = (ready: number, completed = '2026-01-01T00:00:00Z', more: object = {}) => ({
  metadata: meta('web', 'shop', more),
  spec: { replicas: 3 },
  status: {
    readyReplicas: ready,
    conditions: [{ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', lastUpdateTime: completed }],
  },
});
const node = (name: string, ready: string, more: object = {}) => ({
  metadata: { name, uid: `uid-${name}`, resourceVersion: '1', ...more },
  status: { conditions: [{ type: 'Ready', status: ready, lastTransitionTime: '2026-01-01T00:00:00Z' }] },
});
const job = (name: string, namespace = 'shop', more: object = {}) => ({ metadata: meta(name, namespace, more) });

const names = (items: readonly { name: string }[]) => items.map(({ name }) => name).sort();
const pods = ({ signs }: LiveSnapshot) => names(signs.read().pods);
const until = (check: () => unknown) => vi.waitFor(check, { timeout: 5_000, interval: 5 });

describe('the picture of signs', () => {
  it('holds what shows any, and nothing else but jobs', async () => {
    const { snapshot } = await watchCluster({
      ...EMPTY,
      [PODS]: [
        pod('fine'),
        crashing('broken', ofWeb),
        crashing('leaving', { deletionTimestamp: '2026-01-01T00:00:00Z' }),
      ],
      [NODES]: [node('node-1', 'Unknown'), node('node-2', 'True')],
      [DEPLOYMENTS]: [deployment(3), { metadata: meta('fresh') }],
      [REPLICA_SETS]: [replicaSet(3)],
      [JOBS]: [job('backup')],
    });
    await snapshot.ready;
    const picture = snapshot.signs.read();
    expect([picture.pods, picture.nodes, picture.workloads, picture.jobs].map(names)).toEqual([
      ['broken'],
      ['node-1'],
      ['web'],
      ['backup'],
    ]);
    expect(picture.pods[0]?.owner).toEqual({ kind: 'Deployment', name: 'web', uid: 'uid-shop-web' });
    expect(names(picture.podsOn('node-1'))).toEqual(['broken', 'fine', 'leaving']);
    expect(picture.podsOn('node-2')).toEqual([]);
  });

  it('is as current and as complete as the snapshot', async () => {
    const { snapshot } = await watchCluster(EMPTY);
    expect(snapshot.signs.read()).toMatchObject({ complete: false, asOf: 0 });
    const whole = await watchCluster(EMPTY);
    await whole.snapshot.ready;
    const { complete, asOf } = await whole.snapshot.reader.read();
    expect(whole.snapshot.signs.read()).toMatchObject({ complete, asOf });
    expect(complete).toBe(true);
  });

  it('does without jobs and nodes that it may not list', async () => {
    const { [JOBS]: _j, [NODES]: _n, ...rest } = EMPTY;
    const { snapshot } = await watchCluster({ ...rest, [PODS]: [crashing('broken')] });
    await snapshot.ready;
    expect(snapshot.signs.read()).toMatchObject({ complete: true, jobs: [], nodes: [] });
    expect(snapshot.signs.read().asOf).toBeGreaterThan(0);
    expect(names(snapshot.signs.read().podsOn('node-1'))).toEqual(['broken']);
  });

  it('keeps to the namespaces it is to watch', async () => {
    const { snapshot } = await watchCluster(
      { ...EMPTY, [PODS]: [crashing('a'), crashing('b', {}, 'lab')], [JOBS]: [job('c'), job('d', 'lab')] },
      { namespaces: ['l*'] },
    );
    await snapshot.ready;
    expect([pods(snapshot), names(snapshot.signs.read().jobs)]).toEqual([['b'], ['d']]);
  });

  it('does not change under the hands of who read it', async () => {
    const { snapshot, watch } = await watchCluster({ ...EMPTY, [PODS]: [crashing('broken')] });
    await snapshot.ready;
    const before = snapshot.signs.read();
    expect(names(before.podsOn('node-1'))).toEqual(['broken']);
    (await watch(PODS)).event('DELETED', crashing('broken', at(11)));
    await until(() => expect(pods(snapshot)).toEqual([]));
    expect([names(before.pods), names(before.podsOn('node-1'))]).toEqual([['broken'], ['broken']]);
  });
});

describe('the owner of a pod with signs', () => {
  const owner = ({ signs }: LiveSnapshot) => signs.read().pods[0]?.owner;
  const web = { kind: 'Deployment', name: 'web', uid: 'uid-shop-web' };

  it('is set right once its ReplicaSet is seen, and the signs stay', async () => {
    const { snapshot, watch } = await watchCluster({ ...EMPTY, [PODS]: [crashing('broken', ofWeb)] });
    await snapshot.ready;
    expect(owner(snapshot)).toMatchObject({ kind: 'ReplicaSet' });
    (await watch(REPLICA_SETS)).event('ADDED', replicaSet(1, at(11, ownedBy('Deployment', 'web'))));
    await until(() => expect(owner(snapshot)).toEqual(web));
    expect(snapshot.signs.read().pods[0]?.signs?.containers[0]?.reason).toBe('CrashLoopBackOff');
  });

  it('is the Deployment of that name where the ReplicaSet is not there any more', async () => {
    const { snapshot } = await watchCluster({
      ...EMPTY,
      [PODS]: [crashing('broken', ofWeb)],
      [DEPLOYMENTS]: [deployment(3)],
      [REPLICA_SETS]: [replicaSet(0)],
    });
    await snapshot.ready;
    expect(owner(snapshot)).toEqual(web);
    expect(snapshot.signs.read().pods[0]?.signs).toBeDefined();
  });

  it('is the ReplicaSet where that belongs to nobody', async () => {
    const { snapshot } = await watchCluster({
      ...EMPTY,
      [PODS]: [crashing('broken', ofWeb)],
      [DEPLOYMENTS]: [deployment(3)],
      [REPLICA_SETS]: [replicaSet(3, {})],
    });
    await snapshot.ready;
    expect(owner(snapshot)).toMatchObject({ kind: 'ReplicaSet', name: 'web-7d9f8' });
  });
});

describe('the picture follows', () => {
  it('trouble that comes and goes', async () => {
    const { snapshot, watch } = await watchCluster({ ...EMPTY, [PODS]: [pod('a'), pod('b'), pod('c')] });
    await snapshot.ready;
    const stream = await watch(PODS);
    for (const [index, name] of ['a', 'b', 'c'].entries()) stream.event('MODIFIED', crashing(name, at(11 + index)));
    await until(() => expect(pods(snapshot)).toEqual(['a', 'b', 'c']));
    stream.event('MODIFIED', pod('a', at(21)));
    stream.event('MODIFIED', crashing('b', at(22, { deletionTimestamp: '2026-01-01T00:00:00Z' })));
    stream.event('DELETED', crashing('c', at(23)));
    await until(() => expect(pods(snapshot)).toEqual([]));
  });

  it('a relist: what vanished, what came, what was recreated under the same name', async () => {
    const lists: Record<string, object[]> = {
      ...EMPTY,
      [PODS]: [crashing('vanishes'), crashing('stays'), crashing('again', { uid: 'first' }), crashing('heals')],
      [NODES]: [node('node-1', 'False')],
      [JOBS]: [job('old')],
    };
    const { snapshot, watch } = await watchCluster(lists);
    await snapshot.ready;
    expect(pods(snapshot)).toEqual(['again', 'heals', 'stays', 'vanishes']);
    lists[PODS] = [crashing('stays'), crashing('again', { uid: 'second' }), pod('heals'), crashing('comes')];
    lists[NODES] = [node('node-1', 'True')];
    lists[JOBS] = [job('new')];
    for (const path of [PODS, NODES, JOBS]) (await watch(path)).event('ERROR', { kind: 'Status', code: 410 });
    await until(() => expect(pods(snapshot)).toEqual(['again', 'comes', 'stays']));
    expect(snapshot.signs.read().pods.find(({ name }) => name === 'again')?.uid).toBe('second');
    await until(() => expect(snapshot.signs.read().nodes).toEqual([]));
    await until(() => expect(names(snapshot.signs.read().jobs)).toEqual(['new']));
  });
});

describe('changes of the picture', () => {
  async function listening(lists: Record<string, object[]>) {
    const clock = createFakeClock();
    const cluster = await watchCluster({ ...EMPTY, ...lists }, { clock });
    const { snapshot } = cluster;
    const streams = await Promise.all([PODS, DEPLOYMENTS, NODES].map(cluster.watch));
    await snapshot.ready;
    await clock.advance(1_000);
    let told = 0;
    snapshot.signs.onChange(() => {
      told += 1;
    });
    /** How often it was told within `ms`. */
    const within = async (ms: number) => {
      told = 0;
      await clock.advance(ms);
      return told;
    };
    const [podStream, deploymentStream, nodeStream] = streams as [
      (typeof streams)[0],
      (typeof streams)[0],
      (typeof streams)[0],
    ];
    return { snapshot, within, podStream, deploymentStream, nodeStream };
  }
  const podCount = (snapshot: LiveSnapshot, count: number) =>
    until(async () => expect((await snapshot.reader.read()).pods.size).toBe(count));

  it('are told at once, and then every 100 ms at most', async () => {
    const { snapshot, within, podStream } = await listening({});
    podStream.event('ADDED', crashing('a', at(11)));
    await until(() => expect(pods(snapshot)).toEqual(['a']));
    expect(await within(0)).toBe(1);
    podStream.event('ADDED', crashing('b', at(12)));
    podStream.event('ADDED', crashing('c', at(13)));
    await until(() => expect(pods(snapshot)).toEqual(['a', 'b', 'c']));
    expect(await within(99)).toBe(0);
    expect(await within(1)).toBe(1);
    podStream.event('MODIFIED', pod('a', at(14)));
    await until(() => expect(pods(snapshot)).toEqual(['b', 'c']));
    expect(await within(1_000)).toBe(1);
  });

  it('are not told of what is healthy and stays so', async () => {
    const { snapshot, within, podStream, deploymentStream } = await listening({ [DEPLOYMENTS]: [deployment(3)] });
    podStream.event('ADDED', pod('a', at(11)));
    podStream.event('MODIFIED', pod('a', at(12, { deletionTimestamp: '2026-01-01T00:00:00Z' })));
    podStream.event('DELETED', pod('a', at(13)));
    podStream.event('ADDED', pod('b', at(14)));
    await podCount(snapshot, 1);
    deploymentStream.event('MODIFIED', deployment(2, undefined, at(15)));
    await until(() => expect(snapshot.signs.read().workloads[0]?.ready).toBe(2));
    expect(await within(1_000)).toBe(0);
    deploymentStream.event('MODIFIED', deployment(3, '2026-01-01T01:00:00Z', at(16)));
    await until(() => expect(snapshot.signs.read().workloads[0]?.ready).toBe(3));
    expect(await within(1_000)).toBe(1);
  });

  it('are told of a node, and of the pods on it while it is in trouble', async () => {
    const { snapshot, within, podStream, nodeStream } = await listening({ [NODES]: [node('node-1', 'True')] });
    podStream.event('ADDED', pod('a', at(11)));
    await podCount(snapshot, 1);
    expect(await within(1_000)).toBe(0);
    nodeStream.event('MODIFIED', node('node-1', 'Unknown', at(12)));
    await until(() => expect(snapshot.signs.read().nodes).toHaveLength(1));
    expect(await within(1_000)).toBe(1);
    podStream.event('ADDED', pod('b', at(13)));
    await podCount(snapshot, 2);
    expect(await within(1_000)).toBe(1);
  });
});
