import { gunzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { decodeSnapshot, encodeSnapshot } from '../../src/kubernetes/snapshot-codec.ts';
import { crashing, EMPTY, meta, ownedBy, pod, watchCluster } from './watched-cluster.ts';

const FULL = {
  ...EMPTY,
  '/api/v1/pods': [pod('web-1-a', ownedBy('ReplicaSet', 'web-1')), pod('bare', {}, 'lab')],
  '/api/v1/nodes': [
    {
      metadata: { name: 'node-1', uid: 'n1' },
      status: {
        conditions: [
          { type: 'Ready', status: 'True' },
          { type: 'DiskPressure', status: 'True' },
        ],
      },
    },
    {
      metadata: { name: 'node-2', uid: 'n2' },
      spec: { unschedulable: true },
      status: { conditions: [{ type: 'Ready', status: 'Unknown' }] },
    },
  ],
  '/api/v1/namespaces': [{ metadata: { name: 'shop', uid: 's' } }, { metadata: { name: 'lab', uid: 'l' } }],
  '/apis/apps/v1/deployments': [
    {
      metadata: meta('web', 'shop', { generation: 2 }),
      spec: { replicas: 3, template: { spec: { containers: [{ name: 'app' }] } } },
      status: {
        observedGeneration: 1,
        readyReplicas: 1,
        updatedReplicas: 2,
        conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }],
      },
    },
  ],
  '/apis/apps/v1/replicasets': [
    { metadata: meta('web-1', 'shop', ownedBy('Deployment', 'web')), spec: { replicas: 3 } },
    { metadata: meta('loner', 'lab'), spec: { replicas: 1 }, status: { readyReplicas: 1, replicas: 1 } },
  ],
  '/apis/autoscaling/v1/horizontalpodautoscalers': [
    {
      metadata: meta('web-hpa'),
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, minReplicas: 2, maxReplicas: 9 },
    },
  ],
};

/** The same lists as they are read namespace by namespace. */
const inNamespaces = (lists: Record<string, object[]>, namespaces: readonly string[]) =>
  Object.fromEntries(
    Object.entries(lists)
      .filter(([path]) => !/nodes|namespaces/.test(path))
      .flatMap(([path, items]) =>
        namespaces.map((namespace) => [
          path.replace(/\/(\w+)$/, `/namespaces/${namespace}/$1`),
          items.filter((item) => (item as { metadata: { namespace: string } }).metadata.namespace === namespace),
        ]),
      ),
  );

describe('the picture', () => {
  it('holds what Home shows', async () => {
    const { snapshot } = await watchCluster(FULL);
    await snapshot.ready;
    const picture = await snapshot.reader.read();
    expect(picture).toMatchObject({ cluster: 'test', complete: true, problem: undefined, namespaces: ['lab', 'shop'] });
    expect(Date.now() - picture.asOf).toBeLessThan(60_000);
    expect([...picture.workloads.values()].map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
      'Deployment web',
      'ReplicaSet loner',
    ]);
    expect(picture.workloads.get('uid-shop-web')).toMatchObject({
      replicas: 3,
      ready: 1,
      updated: 2,
      observed: false,
      owned: false,
      problem: 'ProgressDeadlineExceeded',
      containers: ['app'],
    });
    await vi.waitFor(async () => {
      const { pods } = await snapshot.reader.read();
      expect(pods.get('uid-shop-web-1-a')?.owner).toEqual({ kind: 'Deployment', name: 'web', uid: 'uid-shop-web' });
    });
    expect(picture.pods.get('uid-lab-bare')).toMatchObject({ status: 'Running', isReady: true, owner: undefined });
    expect(
      [...(picture.nodes?.values() ?? [])].map(({ name, status, ready, unschedulable }) => [
        name,
        status,
        ready,
        unschedulable,
      ]),
    ).toEqual([
      ['node-1', 'Ready, DiskPressure', true, false],
      ['node-2', 'NotReady (Unknown)', false, true],
    ]);
    expect(picture.autoscalers?.get('uid-shop-web-hpa')).toMatchObject({ targetName: 'web', min: 2, max: 9 });
  });

  it('does without what it may not list although it is needed, and says so', async () => {
    const { '/api/v1/pods': _p, '/apis/apps/v1/daemonsets': _d, ...rest } = FULL;
    const { snapshot } = await watchCluster(rest);
    await snapshot.ready;
    const { complete, problem, workloads, asOf } = await snapshot.reader.read();
    expect([complete, workloads.size]).toEqual([true, 2]);
    expect(problem).toBe('opsbot may not list daemonsets and pods in the whole cluster.');
    expect(asOf).toBeLessThanOrEqual(Date.now());
    expect(snapshot.signs.read().complete, 'that nothing shows would pass for a calm cluster').toBe(false);
  });

  it('shows the other namespaces where some may not be read', async () => {
    const namespaces = ['lab', 'shop', 'gone'];
    const readable = inNamespaces(FULL, ['lab', 'shop']);
    const { snapshot } = await watchCluster(readable, { namespaces });
    await snapshot.ready;
    const picture = await snapshot.reader.read();
    expect(picture.complete).toBe(true);
    expect(picture.problem).toBe(
      'opsbot may not list daemonsets, deployments, pods, replicasets and statefulsets in namespace gone.',
    );
    expect(picture.workloads.size).toBeGreaterThan(0);
    const { complete, unseen } = snapshot.signs.read();
    expect([complete, unseen]).toEqual([true, ['gone']]);
  });

  it('says nothing of trouble where it may read none of its namespaces', async () => {
    const { snapshot } = await watchCluster({}, { namespaces: ['gone', 'lost'] });
    await snapshot.ready;
    const { complete, problem, asOf } = await snapshot.reader.read();
    expect([complete, Number.isFinite(asOf)]).toEqual([true, true]);
    expect(problem).toContain('in the namespaces gone and lost.');
    expect(snapshot.signs.read().complete).toBe(false);
  });

  it('holds what opsbot does not do for want of rights, as it was told last', async () => {
    const { snapshot } = await watchCluster(EMPTY);
    await snapshot.ready;
    const before = await snapshot.reader.read();
    expect(before.shortfalls).toBeUndefined();
    const shortfalls = [
      { what: 'Scale is off', why: 'opsbot may not patch deployments there', advice: 'Ask an admin.' },
    ];
    snapshot.setShortfalls(shortfalls);
    const after = await snapshot.reader.read();
    expect(after.shortfalls).toEqual(shortfalls);
    expect(after.version).toBeGreaterThan(before.version);
  });

  it('leaves out nodes, autoscalers and namespaces that it may not list', async () => {
    const {
      '/api/v1/nodes': _n,
      '/api/v1/namespaces': _s,
      '/apis/autoscaling/v1/horizontalpodautoscalers': _a,
      ...rest
    } = FULL;
    const { snapshot } = await watchCluster(rest);
    await snapshot.ready;
    const picture = await snapshot.reader.read();
    expect([picture.complete, picture.nodes, picture.autoscalers, picture.problem]).toEqual([
      true,
      undefined,
      undefined,
      undefined,
    ]);
    expect(picture.namespaces).toEqual(['lab', 'shop']);
  });

  it('watches the named namespaces only, one by one', async () => {
    const { snapshot, server } = await watchCluster(inNamespaces(FULL, ['shop']), { namespaces: ['shop'] });
    await snapshot.ready;
    expect((await snapshot.reader.read()).namespaces).toEqual(['shop']);
    const clusterWide = server.seen.map(({ path }) => path).filter((path) => !path.includes('/namespaces/shop/'));
    expect(new Set(clusterWide)).toEqual(new Set(['/api/v1/nodes']));
  });

  it('watches the cluster for patterns, and keeps what they include', async () => {
    const { snapshot } = await watchCluster(FULL, { namespaces: ['l*'] });
    await snapshot.ready;
    const picture = await snapshot.reader.read();
    expect(picture.namespaces).toEqual(['lab']);
    expect([...picture.pods.keys()]).toEqual(['uid-lab-bare']);
    expect([...picture.workloads.keys()]).toEqual(['uid-lab-loner']);
    expect(picture.nodes?.size).toBe(2);
  });
});

describe('changes', () => {
  it('make a new picture and leave the one that was read alone', async () => {
    const { snapshot, watch } = await watchCluster(FULL);
    await snapshot.ready;
    const before = await snapshot.reader.read();
    expect((await snapshot.reader.read()).pods).toBe(before.pods);
    const stream = await watch('/api/v1/pods');
    stream.event('ADDED', pod('new', { resourceVersion: '11' }));
    await vi.waitFor(async () => expect((await snapshot.reader.read()).pods.size).toBe(3));
    const after = await snapshot.reader.read();
    expect(before.pods.size).toBe(2);
    expect(after.version).toBeGreaterThan(before.version);
    expect(after.workloads).toBe(before.workloads);
  });

  it('set a pod right whose ReplicaSet is seen after it, and keep its owner while it terminates', async () => {
    const { snapshot, watch } = await watchCluster({
      ...EMPTY,
      '/api/v1/pods': [pod('web-9-a', ownedBy('ReplicaSet', 'web-9'))],
    });
    await snapshot.ready;
    const owner = async () => (await snapshot.reader.read()).pods.get('uid-shop-web-9-a')?.owner?.name;
    expect(await owner()).toBe('web-9');
    const sets = await watch('/apis/apps/v1/replicasets');
    const set = (replicas: number, resourceVersion: string) => ({
      metadata: meta('web-9', 'shop', { ...ownedBy('Deployment', 'web'), resourceVersion }),
      spec: { replicas },
    });
    sets.event('ADDED', set(1, '11'));
    await vi.waitFor(async () => expect(await owner()).toBe('web'));
    sets.event('MODIFIED', set(0, '12'));
    const terminating = pod('web-9-a', {
      ...ownedBy('ReplicaSet', 'web-9'),
      resourceVersion: '13',
      deletionTimestamp: '2026-01-01T00:00:00Z',
    });
    (await watch('/api/v1/pods')).event('MODIFIED', terminating);
    await vi.waitFor(async () =>
      expect((await snapshot.reader.read()).pods.get('uid-shop-web-9-a')?.status).toBe('Terminating'),
    );
    expect(await owner()).toBe('web');
  });

  it('are told to listeners', async () => {
    const { snapshot, watch } = await watchCluster(EMPTY);
    await snapshot.ready;
    const told = Promise.withResolvers<void>();
    snapshot.reader.onChange(told.resolve);
    (await watch('/api/v1/pods')).event('ADDED', pod('new', { resourceVersion: '11' }));
    await told.promise;
  });

  it('stop with close', async () => {
    const { snapshot, watch } = await watchCluster(EMPTY);
    await snapshot.ready;
    const stream = await watch('/api/v1/pods');
    await snapshot.close();
    await stream.closed;
  });
});

describe('the published picture', () => {
  it('comes back as it was', async () => {
    const { snapshot } = await watchCluster(FULL);
    await snapshot.ready;
    const picture = await snapshot.reader.read();
    const back = decodeSnapshot(encodeSnapshot(picture));
    const withoutSigns = <T extends object>(items: ReadonlyMap<string, T> | undefined) =>
      new Map([...(items ?? [])].map(([uid, item]) => [uid, { ...item, signs: undefined, rollout: undefined }]));
    expect(back.pods).toEqual(withoutSigns(picture.pods));
    expect(back.workloads).toEqual(withoutSigns(picture.workloads));
    expect(back.nodes).toEqual(withoutSigns(picture.nodes));
    expect([...(back.autoscalers?.keys() ?? [])]).toEqual(['uid-shop-web-hpa']);
    expect({ ...back, pods: 0, workloads: 0, nodes: 0, autoscalers: 0 }).toEqual({
      ...picture,
      pods: 0,
      workloads: 0,
      nodes: 0,
      autoscalers: 0,
    });
  });

  it('leaves the signs out', async () => {
    const { snapshot } = await watchCluster({ ...FULL, '/api/v1/pods': [crashing('web-1-b')] });
    await snapshot.ready;
    const { pods, nodes, workloads } = snapshot.signs.read();
    expect([pods.length, nodes.length, workloads.length]).toEqual([1, 2, 1]);
    const published = gunzipSync(encodeSnapshot(await snapshot.reader.read())).toString();
    expect(published).toContain('CrashLoopBackOff');
    expect(published).not.toMatch(/signs|rollout|words of the kubelet/);
  });

  it('tells what opsbot does not do for want of rights, as older agents do not', async () => {
    const { snapshot } = await watchCluster(EMPTY);
    await snapshot.ready;
    const shortfalls = [
      { action: 'scale', what: 'Scale is off', namespaces: ['prod'], why: 'opsbot may not', advice: 'Ask an admin.' },
      { what: 'Incidents are not reported', why: 'opsbot may not', advice: 'Ask an admin.' },
    ];
    const picture = { ...(await snapshot.reader.read()), shortfalls };
    expect(decodeSnapshot(encodeSnapshot(picture)).shortfalls).toEqual(shortfalls);
    const strange = { ...picture, shortfalls: [{ what: 7 }] } as unknown as typeof picture;
    expect(() => decodeSnapshot(encodeSnapshot(strange))).toThrow('“what” of a shortfall');
  });

  it('keeps absent what is absent', async () => {
    const picture = {
      cluster: 'c',
      version: 1,
      complete: true,
      asOf: 2,
      problem: undefined,
      nodes: undefined,
      workloads: new Map(),
      pods: new Map(),
      autoscalers: undefined,
      namespaces: [],
    };
    expect(decodeSnapshot(encodeSnapshot(picture))).toEqual(picture);
  });

  it('is refused where it is none', () => {
    expect(() => decodeSnapshot(Buffer.from('nonsense'))).toThrow('What an agent published is no snapshot.');
    const good = {
      cluster: 'c',
      version: 1,
      complete: true,
      asOf: 2,
      problem: undefined,
      nodes: undefined,
      workloads: new Map(),
      pods: new Map(),
      autoscalers: undefined,
      namespaces: [],
    };
    const bad = { ...good, namespaces: [7] } as unknown as typeof good;
    expect(() => decodeSnapshot(encodeSnapshot(bad))).toThrow('“namespaces”');
    const pods = new Map([['x', { uid: 'x' }]]) as unknown as typeof good.pods;
    expect(() => decodeSnapshot(encodeSnapshot({ ...good, pods }))).toThrow(/of a pod is not what it should be/);
  });
});
