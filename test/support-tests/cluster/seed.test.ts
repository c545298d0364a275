import { afterEach, expect, it } from 'vitest';
import { createRawClient, type RawClient } from '../../support/cluster/http-client.ts';
import { createLocalCluster } from '../../support/cluster/local-cluster.ts';
import type { LocalCluster } from '../../support/cluster/local-cluster-contract.ts';
import { seed } from '../../support/cluster/seed.ts';
import { seedDemo } from '../../support/cluster/seed-demo.ts';
import type { KubeObject } from '../../support/cluster/types.ts';

let cluster: LocalCluster;
let client: RawClient;

const start = async (nodes: number) => {
  cluster = await createLocalCluster({ nodes });
  client = createRawClient({ url: cluster.url });
};

afterEach(async () => {
  client.close();
  await cluster.stop();
});

it('fills a big cluster with pods as big as real ones, which are ordinary objects from then on', async () => {
  await start(0);
  seed(cluster, { deployments: 40, podsPerDeployment: 5, nodes: 10, podBytes: 14_000 });
  const pods: KubeObject[] = [];
  let more: string | undefined = '';
  while (more !== undefined) {
    const page = await client.request('GET', `/api/v1/pods?limit=90&continue=${encodeURIComponent(more)}`);
    pods.push(...page.body.items);
    more = page.body.metadata.continue;
  }
  expect(pods).toHaveLength(200);
  expect(new Set(pods.map(({ metadata }) => metadata.uid)).size).toBe(200);
  for (const pod of pods) expect(JSON.stringify(pod).length).toBeGreaterThan(13_500);

  const ref = { kind: 'Deployment', namespace: 'team-7', name: 'app-7' };
  const untouched = cluster.podsOf(ref).map(({ metadata }) => metadata.uid);
  await client.request('PATCH', '/apis/apps/v1/namespaces/team-7/deployments/app-7', {
    contentType: 'application/merge-patch+json',
    body: { spec: { replicas: 7 } },
  });
  await expect.poll(() => cluster.get(ref)?.status.readyReplicas).toBe(7);
  const after = cluster.podsOf(ref).map(({ metadata }) => metadata.uid);
  expect(after).toEqual(expect.arrayContaining(untouched));

  cluster.crash(ref);
  await expect.poll(() => cluster.get(ref)?.status.readyReplicas).toBe(0);
});

it('shows a small cluster with one Deployment that crashes', async () => {
  await start(3);
  seedDemo(cluster);
  const unready = () =>
    ['Deployment', 'StatefulSet']
      .flatMap((kind) => cluster.list(kind))
      .filter(({ spec, status }) => (status?.readyReplicas ?? 0) < spec.replicas)
      .map(({ metadata }) => metadata.name);
  await expect.poll(unready).toEqual(['recommendations']);
  const restarts = () => cluster.list('Pod', 'prod').map(({ status }) => status.containerStatuses[0].restartCount);
  await expect.poll(() => Math.max(...restarts())).toBeGreaterThan(1);
  expect(
    cluster.list('Pod', 'kube-system').filter(({ metadata }) => metadata.name.startsWith('node-exp')),
  ).toHaveLength(3);
});
