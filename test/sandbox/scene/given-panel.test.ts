import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLocalCluster } from '../../support/cluster/local-cluster.ts';
import type { LocalCluster } from '../../support/cluster/local-cluster-contract.ts';
import { deployment } from '../../support/cluster/manifests.ts';
import { createGivenPanel, type GivenPanel } from './given-panel.ts';
import { shown } from './shown.ts';

const web = { kind: 'Deployment', namespace: 'default', name: 'web' };

let cluster: LocalCluster;
let panel: GivenPanel | undefined;

beforeEach(async () => {
  cluster = await createLocalCluster({ namespaces: ['prod'] });
  cluster.apply(
    deployment('web', { namespace: 'default', replicas: 2 }),
    deployment('api', { namespace: 'prod', replicas: 1 }),
  );
});
afterEach(async () => {
  await panel?.end();
  await cluster.stop();
});

async function start(namespaces: string[] = ['*']): Promise<GivenPanel> {
  panel = await createGivenPanel({ kubeconfig: cluster.kubeconfig(), about: 'the cluster of somebody', namespaces });
  return panel;
}
/** The panel once nothing keeps it from being current. */
async function current(namespaces?: string[]): Promise<GivenPanel> {
  const started = await start(namespaces);
  await shown(started, () => started.look().problem === undefined || undefined);
  return started;
}

it('is there before the cluster has been read, and says so', async () => {
  const { look } = await start();
  expect(look()).toMatchObject({ readOnly: true, problem: 'The cluster is being read.', workloads: [] });
});

it('shows the cluster live, and writes nothing there', async () => {
  const { look, act, ...rest } = await current();
  const isReady = () => look().workloads.every(({ ready, wanted }) => ready === wanted) || undefined;
  await shown(rest, isReady);
  const { about, nodes, workloads } = look();
  expect(about).toBe('the cluster of somebody');
  expect(workloads.map(({ namespace, name, pods }) => [namespace, name, pods.length])).toEqual([
    ['default', 'web', 2],
    ['prod', 'api', 1],
  ]);
  expect(nodes).toHaveLength(3);

  cluster.crash(web);
  await shown(rest, () => look().workloads[0]?.pods.every(({ colour }) => colour === 'bad') || undefined);
  expect(look().workloads[0]?.trouble).toBeUndefined();
  expect(act).toBeUndefined();
  expect(cluster.record.writes).toEqual([]);
});

it('shows those namespaces only that opsbot may touch', async () => {
  const { look } = await current(['prod']);
  expect(look().workloads.map(({ name }) => name)).toEqual(['api']);
});

it('says nothing of nodes that may not be listed', async () => {
  cluster.deny({ verbs: ['list', 'watch'], resources: ['nodes'] });
  const { look } = await current();
  expect(look().nodes).toBeUndefined();
  expect(look().workloads).toHaveLength(2);
});

it('says what keeps it from being current', async () => {
  const { look, onChange } = await current();
  await cluster.disconnect();
  const problem = await shown({ onChange }, () => look().problem);
  expect(problem).toMatch(/^The cluster does not answer/);
  expect(look().workloads).toHaveLength(2);
});
