import { afterEach, expect, it, vi } from 'vitest';
import { ConflictError, InputError, NotAllowedError, NotFoundError, UnavailableError } from '../../src/errors.ts';
import { type ClusterClient, createClusterClient } from '../../src/kubernetes/client.ts';
import type { Workload } from '../../src/kubernetes/cluster.ts';
import { createLease } from '../../src/kubernetes/lease.ts';
import { createSnapshot, type LiveSnapshot } from '../../src/kubernetes/snapshot.ts';
import { createLocalCluster } from '../support/cluster/local-cluster.ts';
import { autoscaler, daemonSet, deployment, replicaSet, statefulSet } from '../support/cluster/manifests.ts';
import { type ClusterKit, describeCluster } from '../support/clusters.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function connect(kit: ClusterKit, kubeconfig = kit.kubeconfig()): ClusterClient {
  const client = createClusterClient({ kubeconfig });
  cleanups.push(() => client.close());
  return client;
}

async function deployed(kit: ClusterKit) {
  const namespace = await kit.namespace();
  const ref = { kind: 'Deployment', namespace, name: 'web' } as const;
  await kit.apply(deployment('web', { namespace, replicas: 2 }));
  await kit.rolledOut(ref);
  return { client: connect(kit), namespace, ref };
}

function watching(client: ClusterClient, namespaces: string[]): LiveSnapshot {
  const snapshot = createSnapshot({ rest: client.rest, cluster: 'test', namespaces, timings: { backoffBase: 20 } });
  snapshot.start(new AbortController().signal);
  cleanups.push(() => snapshot.close());
  return snapshot;
}

function expectRolledOut(one: Workload): void {
  expect(one.replicas).toBeGreaterThan(0);
  expect([one.current, one.updated, one.ready]).toEqual([one.replicas, one.replicas, one.replicas]);
  expect(one).toMatchObject({ selector: 'app=web', owner: undefined, marker: undefined, paused: false });
  expect(one.observedGeneration).toBe(one.generation);
}

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 20 });

describeCluster('the client', (kit) => {
  it('reads workloads of each kind', async () => {
    const namespace = await kit.namespace();
    const client = connect(kit);
    const manifests = [deployment, statefulSet, daemonSet].map((make) => make('web', { namespace, replicas: 1 }));
    for (const manifest of manifests) await kit.apply(manifest);
    for (const { kind } of manifests) await kit.rolledOut({ kind, namespace, name: 'web' });
    const found = await client.findWorkloads(namespace, 'web');
    expect(found.map(({ kind }) => kind)).toEqual(['Deployment', 'StatefulSet', 'DaemonSet']);
    found.forEach(expectRolledOut);
  });

  it('reads a ReplicaSet that nobody owns', async () => {
    // In a namespace of its own: a Deployment with the same selector would adopt it.
    const ref = { kind: 'ReplicaSet', namespace: await kit.namespace(), name: 'web' } as const;
    await kit.apply(replicaSet('web', { namespace: ref.namespace, replicas: 1 }));
    await kit.rolledOut(ref);
    expectRolledOut(await connect(kit).getWorkload(ref));
  });

  it('patches once under one resourceVersion, with the marker', async () => {
    const { client, ref } = await deployed(kit);
    // A controller may write a status between the read and the patch: then it is read again.
    const patchFresh = async (replicas: number): Promise<{ before: Workload; after: Workload }> => {
      const before = await client.getWorkload(ref);
      const precondition = { resourceVersion: before.resourceVersion, marker: 'r-1.1' };
      const after = await client.patchWorkload(ref, { spec: { replicas } }, precondition).catch((error: unknown) => {
        if (error instanceof ConflictError) return undefined;
        throw error;
      });
      return after ? { before, after } : patchFresh(replicas);
    };
    const { before, after } = await patchFresh(3);
    expect(after).toMatchObject({ replicas: 3, marker: 'r-1.1', generation: before.generation + 1 });
    const again = { resourceVersion: before.resourceVersion, marker: 'r-1.1' };
    await expect(client.patchWorkload(ref, { spec: { replicas: 3 } }, again)).rejects.toThrow(ConflictError);
    expect(await kit.changesOf(ref)).toHaveLength(1);
    await expect(patchFresh(-1)).rejects.toThrow(InputError);
  });

  it('names what does not exist', async () => {
    const { client, namespace } = await deployed(kit);
    await expect(client.getWorkload({ kind: 'StatefulSet', namespace, name: 'web' })).rejects.toThrow(
      `There is no StatefulSet web in namespace ${namespace}.`,
    );
    await expect(client.getPod(namespace, 'nobody')).rejects.toThrow(NotFoundError);
    expect(await client.findWorkloads(namespace, 'nobody')).toEqual([]);
  });

  it('lists the pods of a selector, reads their logs, and says why there is none', async () => {
    const { client, namespace, ref } = await deployed(kit);
    const { selector } = await client.getWorkload(ref);
    const pods = await client.listPods(namespace, selector);
    expect(pods.map(({ status, ready, total, isReady }) => [status, ready, total, isReady])).toEqual([
      ['Running', 1, 1, true],
      ['Running', 1, 1, true],
    ]);
    expect(pods[0]?.owner?.kind).toBe('ReplicaSet');
    expect(await client.listPods(namespace, 'app=other')).toEqual([]);
    const name = pods[0]?.name ?? '';
    kit.setLogs({ namespace, pod: name, container: 'web' }, 'one\ntwo\nthree\n');
    expect(await client.readLogs(namespace, name, { tail: 2 })).toBe('two\nthree\n');
    const wrong = client.readLogs(namespace, name, { container: 'nobody' });
    await expect(wrong).rejects.toThrow(InputError);
    await expect(wrong).rejects.toThrow('nobody');
  });

  it('prints the status of a crashing pod, and reads its events', async () => {
    const { client, namespace, ref } = await deployed(kit);
    kit.crash(ref);
    await eventually(async () => {
      const pods = await client.listPods(namespace);
      expect(pods.map(({ status }) => status)).toContain('CrashLoopBackOff');
    });
    const broken = (await client.listPods(namespace)).find(({ status }) => status === 'CrashLoopBackOff');
    expect(broken?.restarts).toBeGreaterThan(0);
    expect(await client.listEvents(namespace, 'no-such-uid')).toEqual([]);
  });

  it('finds the autoscaler of a workload', async () => {
    const { client, namespace, ref } = await deployed(kit);
    expect(await client.findAutoscaler(ref)).toBeUndefined();
    await kit.apply(autoscaler('web', { namespace, min: 1, max: 9 }));
    expect(await client.findAutoscaler(ref)).toEqual({ name: 'web', min: 1, max: 9 });
  });

  it('knows its rights, and names the one that is missing', async () => {
    const { namespace, ref } = await deployed(kit);
    const reader = await kit.restricted([{ verbs: ['get'], apiGroups: ['apps'], resources: ['deployments'] }]);
    const client = connect(kit, kit.kubeconfig(reader));
    const right = { group: 'apps', resource: 'deployments', namespace };
    expect([await client.can({ verb: 'get', ...right }), await client.can({ verb: 'patch', ...right })]).toEqual([
      true,
      false,
    ]);
    const { resourceVersion } = await client.getWorkload(ref);
    const patching = client.patchWorkload(ref, { spec: { replicas: 9 } }, { resourceVersion, marker: 'm' });
    await expect(patching).rejects.toThrow(NotAllowedError);
    await expect(patching).rejects.toThrow(`opsbot may not patch deployments in namespace ${namespace}.`);
  });

  it('says that its credentials are not accepted', async () => {
    const client = connect(kit, kit.kubeconfig({ ...kit.endpoint, token: 'nonsense' }));
    await expect(client.listPods('default')).rejects.toThrow(UnavailableError);
  });
});

describeCluster('the snapshot', (kit) => {
  it('follows a rollout, a crash and a deletion', async () => {
    const { client, namespace, ref } = await deployed(kit);
    const snapshot = watching(client, [namespace]);
    await snapshot.ready;
    const picture = await snapshot.reader.read();
    expect(picture).toMatchObject({ complete: true, problem: undefined, namespaces: [namespace] });
    expect([...picture.workloads.values()].map(({ kind, name, ready }) => [kind, name, ready])).toEqual([
      ['Deployment', 'web', 2],
    ]);
    expect(picture.nodes?.size).toBeGreaterThanOrEqual(kit.nodes.length);
    await eventually(async () => {
      const { pods } = await snapshot.reader.read();
      expect([...pods.values()].map(({ owner, status }) => [owner?.kind, owner?.name, status])).toEqual([
        ['Deployment', 'web', 'Running'],
        ['Deployment', 'web', 'Running'],
      ]);
    });
    await kit.apply(deployment('web', { namespace, replicas: 4 }));
    await eventually(async () => {
      const { workloads, pods } = await snapshot.reader.read();
      expect([[...workloads.values()][0]?.ready, pods.size]).toEqual([4, 4]);
    });
    kit.crash(ref);
    await eventually(async () => {
      const { pods } = await snapshot.reader.read();
      expect([...pods.values()].map(({ status }) => status)).toContain('CrashLoopBackOff');
    });
    await kit.request('DELETE', `/apis/apps/v1/namespaces/${namespace}/deployments/web`);
    await eventually(async () => {
      const { workloads, pods } = await snapshot.reader.read();
      expect([workloads.size, pods.size]).toEqual([0, 0]);
    });
  });

  it('watches all namespaces, in pages where there is much', async () => {
    const { client, namespace } = await deployed(kit);
    const snapshot = createSnapshot({ rest: client.rest, cluster: 'test', namespaces: ['*'], pageSize: 1 });
    snapshot.start(new AbortController().signal);
    cleanups.push(() => snapshot.close());
    await snapshot.ready;
    const { namespaces, pods } = await snapshot.reader.read();
    expect(namespaces).toContain(namespace);
    expect([...pods.values()].filter((pod) => pod.namespace === namespace)).toHaveLength(2);
  });
});

it('the snapshot catches up after its watches were cut and its place in history was forgotten', async () => {
  const cluster = await createLocalCluster();
  const client = createClusterClient({ kubeconfig: cluster.kubeconfig() });
  cleanups.push(async () => {
    await client.close();
    await cluster.stop();
  });
  cluster.apply(deployment('web', { namespace: 'default', replicas: 0 }));
  const snapshot = watching(client, ['default']);
  await snapshot.ready;
  await cluster.disconnect();
  cluster.remove({ kind: 'Deployment', namespace: 'default', name: 'web' });
  cluster.apply(deployment('next', { namespace: 'default', replicas: 0 }));
  cluster.compact();
  await cluster.start();
  await eventually(async () => {
    const { workloads, problem } = await snapshot.reader.read();
    expect([[...workloads.values()].map(({ name }) => name), problem]).toEqual([['next'], undefined]);
  });
});

describeCluster('the lease', (kit) => {
  it('has one holder, and passes on when that one stops', async () => {
    const client = connect(kit);
    const namespace = await kit.namespace();
    const join = (identity: string) => {
      const lease = createLease({ rest: client.rest, namespace, name: 'opsbot', identity, retryMs: 50 });
      const controller = new AbortController();
      const running = lease.run(controller.signal);
      const stop = async () => {
        controller.abort();
        await running;
      };
      cleanups.push(stop);
      return { lease, stop };
    };
    const a = join('a');
    await eventually(async () => expect(a.lease.holder()).toBeDefined());
    const b = join('b');
    const first = a.lease.holder()?.transitions ?? Number.NaN;
    await a.stop();
    await eventually(async () => expect(b.lease.holder()?.transitions).toBe(first + 1));
    expect(a.lease.holder()).toBeUndefined();
  });
});
