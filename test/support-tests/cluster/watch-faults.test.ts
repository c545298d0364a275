import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { createRawClient } from '../../support/cluster/http-client.ts';
import { createLocalCluster } from '../../support/cluster/local-cluster.ts';
import type { LocalClusterOptions } from '../../support/cluster/local-cluster-contract.ts';
import { deployment } from '../../support/cluster/manifests.ts';
import type { Json } from '../../support/cluster/types.ts';

const NAMESPACES = '/api/v1/namespaces';

async function start(options: LocalClusterOptions = {}) {
  const cluster = await createLocalCluster(options);
  const client = createRawClient({ url: cluster.url });
  onTestFinished(async () => {
    client.close();
    await cluster.stop();
  });
  const addNamespace = (name: string) => cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const versionOf = async (query = '') => {
    const { body } = await client.request('GET', `${NAMESPACES}${query}`);
    return body.metadata.resourceVersion as string;
  };

  /** Follows a watch byte by byte. */
  const follow = async (query = '') => {
    const call = get(`${cluster.url}${NAMESPACES}?watch=1${query}`);
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    let text = '';
    let over: string | undefined;
    response.on('data', (chunk) => {
      text += chunk;
    });
    response.once('end', () => {
      over ??= 'ended';
    });
    response.once('error', () => {
      over ??= 'cut';
    });
    onTestFinished(() => void response.destroy());
    return {
      text: () => text,
      over: () => over,
      events: () =>
        text
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line)),
      names: () =>
        text
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line))
          .filter(({ type }) => type !== 'BOOKMARK')
          .map(({ object }: Json) => object.metadata.name),
    };
  };
  return { cluster, client, addNamespace, versionOf, follow };
}

it('breaks off in the middle of an event, and says nothing after it', async () => {
  const { cluster, addNamespace, versionOf, follow } = await start();
  const watch = await follow(`&resourceVersion=${await versionOf()}`);
  const fault = cluster.faultWatches('cut mid-event', { path: NAMESPACES });
  addNamespace('one');
  addNamespace('two');
  await expect.poll(watch.over).toBe('cut');
  expect(watch.text()).toMatch(/^\{"type":"ADDED"/);
  expect(() => JSON.parse(watch.text())).toThrow();
  expect([watch.text().includes('\n'), fault.hits()]).toEqual([false, 1]);
});

it('delivers an event twice, to whom it is told to', async () => {
  const { cluster, addNamespace, versionOf, follow } = await start();
  const watch = await follow(`&resourceVersion=${await versionOf()}`);
  const other = cluster.faultWatches('send twice', { path: '/api/v1/pods' });
  cluster.faultWatches('send twice', { path: NAMESPACES });
  for (const name of ['one', 'two']) addNamespace(name);
  await expect.poll(watch.names).toEqual(['one', 'one', 'two']);
  expect(other.hits()).toBe(0);
});

it('tells open watches that their version has expired', async () => {
  const { cluster, versionOf, follow } = await start();
  const watch = await follow(`&resourceVersion=${await versionOf()}`);
  cluster.expireWatches();
  await expect.poll(watch.over).toBe('ended');
  expect(watch.events()).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }]);
});

it('goes silent, bookmarks and end included, until it catches up; new watches are well', async () => {
  const { cluster, addNamespace, versionOf, follow } = await start({ bookmarkEvery: 5 });
  const from = `&resourceVersion=${await versionOf()}`;
  const muted = await follow(`${from}&allowWatchBookmarks=true&timeoutSeconds=1`);
  const spared = await follow(from);
  cluster.muteWatches({ path: 'timeoutSeconds' });
  const said = muted.text();
  addNamespace('one');
  const fresh = await follow(`${from}&timeoutSeconds=1`);
  await expect.poll(fresh.over, { timeout: 5_000 }).toBe('ended');
  expect([fresh.names(), spared.names()]).toEqual([['one'], ['one']]);
  // What was on its way when it went silent may have come since.
  expect(muted.names()).toEqual([]);
  expect(muted.text().length - said.length).toBeLessThan(1_000);
  expect(muted.over()).toBeUndefined();
  cluster.unmuteWatches();
  await expect.poll(muted.over).toBe('ended');
  expect(muted.names()).toEqual(['one']);
});

it('says nothing after the end that a silent watch has come to meanwhile', async () => {
  const { cluster, addNamespace, versionOf, follow } = await start();
  const watch = await follow(`&resourceVersion=${await versionOf()}`);
  cluster.muteWatches();
  addNamespace('before');
  cluster.expireWatches();
  addNamespace('after');
  cluster.unmuteWatches();
  await expect.poll(watch.over).toBe('ended');
  expect(watch.events()).toMatchObject([{ object: { metadata: { name: 'before' } } }, { object: { code: 410 } }]);
});

it('cuts silent watches like the others', async () => {
  const { cluster, follow } = await start();
  const watch = await follow('&resourceVersion=0');
  await expect.poll(watch.names).toContain('default');
  cluster.muteWatches();
  cluster.cutWatches();
  await expect.poll(watch.over).toBe('cut');
});

it('goes back to a backup: later writes are lost, watches cut, and versions count on from the lower number', async () => {
  const { cluster, client, addNamespace, versionOf, follow } = await start();
  cluster.apply(deployment('web'));
  const ref = { kind: 'Deployment', namespace: 'default', name: 'web' };
  await expect.poll(() => cluster.get(ref)?.status.readyReplicas).toBe(1);
  const [pod] = cluster.podsOf(ref);
  const restore = cluster.backup();
  const before = Number(await versionOf());
  for (let index = 0; index < 20; index += 1) addNamespace(`lost-${index}`);
  cluster.remove(ref);
  await expect.poll(() => cluster.podsOf(ref)).toEqual([]);
  const after = Number(await versionOf());
  const watch = await follow(`&resourceVersion=${after}`);
  restore();
  await expect.poll(watch.over).toBe('cut');
  expect(Number(await versionOf())).toBe(before);
  expect(cluster.list('Namespace').filter(({ metadata }) => metadata.name.startsWith('lost'))).toEqual([]);
  expect(cluster.podsOf(ref).map(({ metadata }) => metadata.uid)).toEqual([pod?.metadata.uid]);

  const old = await client.request('GET', `${NAMESPACES}?watch=1&resourceVersion=2`);
  expect(old.body).toMatchObject({ type: 'ERROR', object: { code: 410 } });

  // It lives on: controllers and kubelet work with what there is now.
  cluster.crash(ref);
  await expect.poll(() => cluster.podsOf(ref)[0]?.status.containerStatuses[0].restartCount).toBeGreaterThan(1);
  cluster.recover(ref);
  await expect.poll(() => cluster.get(ref)?.status.readyReplicas).toBe(1);
});
