import { afterEach, expect, it } from 'vitest';
import { createRawClient, type RawClient } from '../../support/cluster/http-client.ts';
import { createLocalCluster } from '../../support/cluster/local-cluster.ts';
import type { LocalCluster, LocalClusterOptions } from '../../support/cluster/local-cluster-contract.ts';
import { deployment } from '../../support/cluster/manifests.ts';

const MERGE = 'application/merge-patch+json';
const WEB = '/apis/apps/v1/namespaces/default/deployments/web';
const REF = { kind: 'Deployment', namespace: 'default', name: 'web' };

let running: { cluster: LocalCluster; client: RawClient } | undefined;

async function start(options: LocalClusterOptions = {}) {
  const cluster = await createLocalCluster(options);
  const client = createRawClient({ url: cluster.url, token: options.token });
  running = { cluster, client };
  cluster.apply(deployment('web', { replicas: 0 }));
  const scale = (replicas: number) =>
    client.request('PATCH', WEB, { contentType: MERGE, body: { spec: { replicas } } });
  return { cluster, client, scale };
}

afterEach(async () => {
  running?.client.close();
  await running?.cluster.stop();
});

it('has every write on record: who, what, from which version to which', async () => {
  const { cluster, scale, client } = await start({ token: 'secret' });
  await scale(2);
  await scale(-1);
  await client.request('DELETE', WEB);
  const [scaled, refused, deleted] = cluster.record.writes;
  expect(scaled).toMatchObject({
    user: 'admin',
    verb: 'patch',
    path: WEB,
    resource: 'deployments',
    namespace: 'default',
    name: 'web',
    contentType: MERGE,
    body: { spec: { replicas: 2 } },
    status: 200,
    generation: { before: 1, after: 2 },
  });
  expect(Number(scaled?.resourceVersion.after)).toBeGreaterThan(Number(scaled?.resourceVersion.before));
  expect(refused).toMatchObject({ status: 422, generation: { before: 2, after: 2 } });
  expect(deleted).toMatchObject({ verb: 'delete', status: 200, generation: { before: 2, after: undefined } });
  expect(cluster.record.changesOf(REF)).toEqual([scaled]);
  cluster.record.clear();
  expect(cluster.record.writes).toEqual([]);
});

it('does the work and loses the answer where asked to', async () => {
  const { cluster, scale } = await start();
  const fault = cluster.applyButDropAnswer({ method: 'PATCH', path: 'deployments/web' });
  await expect(scale(3)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(cluster.get(REF)?.spec.replicas).toBe(3);
  expect([fault.hits(), cluster.record.changesOf(REF).length]).toEqual([1, 1]);
  expect((await scale(4)).status).toBe(200);
});

it('cuts the connection before anything is done where asked to', async () => {
  const { cluster, scale } = await start();
  cluster.fault({ kind: 'cut' });
  await expect(scale(3)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(cluster.record.writes).toEqual([]);
});

it('answers what it is told to, so many times, to whom it is told to', async () => {
  const { cluster, client } = await start();
  const fault = cluster.fault(
    { kind: 'answer', status: 503, headers: { 'retry-after': '1' } },
    { path: /deployments/ },
    2,
  );
  const statuses = [];
  for (const path of [WEB, '/api/v1/pods', WEB, WEB]) statuses.push((await client.request('GET', path)).status);
  expect(statuses).toEqual([503, 200, 503, 200]);
  expect(fault.hits()).toBe(2);
});

it('leaves a request hanging, and others alone', async () => {
  const { cluster, client } = await start();
  cluster.fault({ kind: 'hang' }, { path: 'deployments/web' });
  const hanging = client.request('GET', WEB, { signal: AbortSignal.timeout(150) });
  expect((await client.request('GET', WEB)).status).toBe(200);
  await expect(hanging).rejects.toThrow();
});

it('answers late', async () => {
  const { cluster, client } = await start();
  cluster.fault({ kind: 'delay', ms: 120 });
  const before = performance.now();
  expect((await client.request('GET', WEB)).status).toBe(200);
  expect(performance.now() - before).toBeGreaterThanOrEqual(115);
});

it('tells a watch from before the compaction that it is too old, and a page likewise', async () => {
  const { cluster, client } = await start();
  const { body } = await client.request('GET', '/api/v1/nodes?limit=1');
  const next = `/api/v1/nodes?limit=1&continue=${encodeURIComponent(body.metadata.continue)}`;
  expect((await client.request('GET', next)).body.items).toHaveLength(1);
  const old = '/api/v1/nodes?watch=1&resourceVersion=1';
  cluster.compact();
  const events = [];
  for await (const event of client.lines(old, AbortSignal.timeout(5_000))) events.push(event);
  expect(events).toMatchObject([{ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }]);
  const page = await client.request('GET', next);
  expect([page.status, page.body.reason]).toEqual([410, 'Expired']);
});

it('cuts the watches, and only them', async () => {
  const { cluster, client } = await start();
  let seen = 0;
  const watching = (async () => {
    for await (const _ of client.lines('/api/v1/nodes?watch=1', AbortSignal.timeout(5_000))) {
      seen += 1;
      if (seen === 3) cluster.cutWatches();
    }
  })();
  await expect(watching).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect((await client.request('GET', WEB)).status).toBe(200);
});

it('sends bookmarks at the pace it is given', async () => {
  const { client } = await start({ bookmarkEvery: 10 });
  for await (const { type, object } of client.lines(
    '/api/v1/pods?watch=1&allowWatchBookmarks=true',
    AbortSignal.timeout(5_000),
  )) {
    expect([type, object.kind]).toEqual(['BOOKMARK', 'Pod']);
    break;
  }
});

it('goes away and comes back on the same port with what it had', async () => {
  const { cluster, client, scale } = await start();
  const { url } = cluster;
  await cluster.disconnect();
  await expect(client.request('GET', WEB)).rejects.toMatchObject({ code: expect.stringMatching(/ECONN/) });
  await cluster.start();
  expect(cluster.url).toBe(url);
  expect((await scale(1)).body.spec.replicas).toBe(1);
});

it('takes a right from everybody, and gives it back', async () => {
  const { cluster, client } = await start();
  cluster.deny({ verbs: ['list', 'watch'], resources: ['nodes'] });
  const refused = await client.request('GET', '/api/v1/nodes');
  expect([refused.status, refused.body.message]).toEqual([
    403,
    'nodes is forbidden: User "admin" cannot list resource "nodes" in API group "" at the cluster scope',
  ]);
  expect((await client.request('GET', '/api/v1/nodes/node-1')).status).toBe(200);
  cluster.allowAll();
  expect((await client.request('GET', '/api/v1/nodes')).status).toBe(200);
});

it('loses a node and gets it back', async () => {
  const { cluster, scale } = await start({ nodes: 1 });
  await scale(1);
  const ready = () => cluster.get(REF)?.status.readyReplicas ?? 0;
  await expect.poll(ready).toBe(1);
  await cluster.failNode('node-1');
  expect(cluster.get({ kind: 'Node', name: 'node-1' })?.status.conditions.at(-1)).toMatchObject({ status: 'Unknown' });
  await expect.poll(ready).toBe(0);
  await cluster.recoverNode('node-1');
  await expect.poll(ready).toBe(1);
});
