import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalCluster } from '../../support/cluster/local-cluster.ts';
import type { LocalCluster } from '../../support/cluster/local-cluster-contract.ts';
import { daemonSet, deployment, statefulSet } from '../../support/cluster/manifests.ts';
import type { PodSlice, WorkloadSlice } from '../page/wire.ts';
import { createLocalPanel, type LocalPanel } from './local-panel.ts';
import { shown } from './shown.ts';

const inProd = (kind: string, name: string) => ({ kind, namespace: 'prod', name });
const web = inProd('Deployment', 'web');

let cluster: LocalCluster;
let panel: LocalPanel;

const find = ({ name }: { name: string }) => panel.look().workloads.find((one) => one.name === name);
/** The workload, once it is so. */
const becomes = (ref: { name: string }, isSo: (workload: WorkloadSlice) => boolean) =>
  shown(panel, () => {
    const workload = find(ref);
    return workload && isSo(workload) ? workload : undefined;
  });
const every = (isSo: (pod: PodSlice) => boolean) => (workload: WorkloadSlice) =>
  workload.pods.length === workload.wanted && workload.wanted > 0 && workload.pods.every(isSo);
const isWell = (workload: WorkloadSlice) =>
  workload.ready === workload.wanted && every(({ colour }) => colour === 'good')(workload);
const imageOf = (ref: typeof web) => cluster.get(ref)?.spec.template.spec.containers[0].image;
const answers = async () => (await fetch(`${cluster.url}/version`).catch(() => undefined))?.status === 200;

beforeEach(async () => {
  cluster = await createLocalCluster({ namespaces: ['prod'] });
  panel = createLocalPanel({ cluster, about: 'a cluster', outageMs: 150 });
  cluster.apply(
    deployment('web', { namespace: 'prod', replicas: 3, image: 'web:1.0' }),
    statefulSet('db', { namespace: 'prod', replicas: 2, image: 'db:17' }),
    daemonSet('agent', { namespace: 'prod', image: 'agent:3' }),
  );
  await Promise.all([becomes(web, isWell), becomes({ name: 'db' }, isWell), becomes({ name: 'agent' }, isWell)]);
});
afterEach(async () => {
  await panel.end();
  await cluster.stop();
});

it('shows what is there: workloads with their pods, and nodes', () => {
  const { workloads, nodes, ...rest } = panel.look();
  expect(rest).toEqual({ about: 'a cluster', readOnly: false, problem: undefined, moreWorkloads: 0 });
  expect(workloads.map(({ kind, name, wanted, ready, pods }) => [kind, name, wanted, ready, pods.length])).toEqual([
    ['DaemonSet', 'agent', 3, 3, 3],
    ['Deployment', 'web', 3, 3, 3],
    ['StatefulSet', 'db', 2, 2, 2],
  ]);
  expect(nodes?.map(({ name, status }) => [name, status])).toEqual([
    ['node-1', 'Ready'],
    ['node-2', 'Ready'],
    ['node-3', 'Ready'],
  ]);
  expect(nodes?.reduce((sum, { pods }) => sum + pods, 0)).toBe(8);
});

it('tells of changes until nobody listens any more', async () => {
  let told = 0;
  const stop = panel.onChange(() => {
    told += 1;
  });
  cluster.apply(deployment('new', { namespace: 'prod', replicas: 0 }));
  expect(told).toBeGreaterThan(0);
  stop();
  const before = told;
  await panel.act({ do: 'crash', workload: web });
  expect(told).toBe(before);
});

describe('a workload', () => {
  it('crashes again and again, until it recovers', async () => {
    expect(await panel.act({ do: 'crash', workload: web })).toBe('Deployment web in prod now crashes again and again.');
    const { trouble } = await becomes(
      web,
      every(({ colour, restarts }) => colour === 'bad' && restarts > 1),
    );
    expect(trouble).toBe('crash');
    expect(await panel.act({ do: 'recover', workload: web })).toBe('Deployment web in prod recovers.');
    expect((await becomes(web, isWell)).trouble).toBeUndefined();
  });

  it('is killed once for want of memory, which does not last', async () => {
    await panel.act({ do: 'oom', workload: web });
    expect(find(web)?.trouble).toBeUndefined();
    await becomes(web, ({ pods }) => pods.some(({ status }) => status === 'OOMKilled'));
    await becomes(
      web,
      every(({ colour, restarts }) => colour === 'good' && restarts === 1),
    );
  });

  it.each([
    ['Deployment', 'web', 'web:1.1', 3],
    ['StatefulSet', 'db', 'db:18', 1],
    ['DaemonSet', 'agent', 'agent:4', 2],
  ])('of kind %s is updated to an image that cannot be pulled, until it can be', async (kind, name, image, well) => {
    const workload = inProd(kind, name);
    expect(await panel.act({ do: 'break', workload })).toBe(
      `${kind} ${name} in prod is being updated to ${image}, an image that cannot be pulled.`,
    );
    const broken = await becomes(workload, ({ pods }) => pods.some(({ status }) => status === 'ImagePullBackOff'));
    expect(broken.trouble).toBe('break');
    expect(broken.pods.filter(({ colour }) => colour === 'good')).toHaveLength(well);
    await expect(panel.act({ do: 'break', workload })).rejects.toThrow(`${kind} ${name} in prod has a broken image`);
    await panel.act({ do: 'recover', workload });
    const old = new Set(broken.pods.filter(({ colour }) => colour === 'good').map((pod) => pod.name));
    if (kind === 'StatefulSet') old.clear(); // its pods keep their names
    await becomes(
      workload,
      every((pod) => pod.colour === 'good' && !old.has(pod.name)),
    );
    expect(imageOf(workload)).toBe(image);
  });

  it('that is not there, or has nothing to recover from, is spoken of in a sentence', async () => {
    const nowhere = inProd('Deployment', 'nowhere');
    await expect(panel.act({ do: 'crash', workload: nowhere })).rejects.toThrow(
      'There is no Deployment nowhere in prod.',
    );
    await expect(panel.act({ do: 'recover', workload: web })).rejects.toThrow(
      'Deployment web in prod has nothing to recover from.',
    );
  });
});

describe('a node', () => {
  const nodeNamed = (name: string) => panel.look().nodes?.find((one) => one.name === name);

  it('goes with its pods, and comes back with them', async () => {
    const away = { do: 'take node away', node: 'node-2' } as const;
    expect(await panel.act(away)).toBe('Nothing is heard of node node-2 any more.');
    expect(nodeNamed('node-2')).toMatchObject({ ready: false, status: 'NotReady (Unknown)' });
    const agents = await becomes({ name: 'agent' }, ({ ready }) => ready === 2);
    expect(agents.pods.map(({ node, colour }) => [node, colour]).sort()).toEqual([
      ['node-1', 'good'],
      ['node-2', 'bad'],
      ['node-3', 'good'],
    ]);
    await expect(panel.act(away)).rejects.toThrow('Node node-2 is away already.');
    expect(await panel.act({ do: 'bring node back', node: 'node-2' })).toBe('Node node-2 is back.');
    await becomes({ name: 'agent' }, isWell);
    expect(nodeNamed('node-2')).toMatchObject({ ready: true, status: 'Ready' });
  });

  it('that is there, or not in the cluster, is spoken of in a sentence', async () => {
    await expect(panel.act({ do: 'bring node back', node: 'node-1' })).rejects.toThrow('Node node-1 is there.');
    await expect(panel.act({ do: 'take node away', node: 'node-9' })).rejects.toThrow('There is no node node-9.');
  });
});

describe('the API server', () => {
  const stop = { do: 'stop API server' } as const;

  it('does not answer for a while, in which the cluster lives on and is shown', async () => {
    expect(panel.apiServerBackAt()).toBeUndefined();
    expect(await panel.act(stop)).toBe('The API server is stopped. It answers again in 1 s.');
    expect(panel.apiServerBackAt()).toBeGreaterThan(Date.now() - 150);
    expect(await answers()).toBe(false);
    await expect(panel.act(stop)).rejects.toThrow(/^The API server is stopped already\. It answers again in 1 s\.$/);
    await panel.act({ do: 'crash', workload: web });
    await becomes(web, ({ pods }) => pods.some(({ colour }) => colour === 'bad'));
    await shown(panel, () => panel.apiServerBackAt() === undefined || undefined);
    expect(await answers()).toBe(true);
  });

  it('stays away, with no timer left, when the sandbox ends meanwhile', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    await panel.act(stop);
    expect(timers()).toBe(before + 1);
    await panel.end();
    expect(timers()).toBe(before);
    expect(await answers()).toBe(false);
  });

  it('stays away, and the panel says why, when somebody has taken its port', async () => {
    await panel.act(stop);
    const thief = createServer().listen(Number(new URL(cluster.url).port), '127.0.0.1');
    await once(thief, 'listening');
    const problem = await shown(panel, () => panel.look().problem);
    expect(problem).toMatch(/^The API server cannot be started again: .*EADDRINUSE/);
    await expect(panel.act(stop)).rejects.toThrow('cannot be started again');
    thief.close();
  });
});
