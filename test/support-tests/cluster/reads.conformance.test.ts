import { AppsV1Api, KubeConfig } from '@kubernetes/client-node';
import { expect, it } from 'vitest';
import { deployment } from '../../support/cluster/manifests.ts';
import { describeCluster } from '../../support/clusters.ts';

const settings = (namespace: string, name: string, labels: Record<string, string> = {}) => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { namespace, name, labels },
  spec: { holderIdentity: name },
});
const leases = (namespace: string) => `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;

interface Item {
  kind?: string;
  metadata: { name: string };
}
const namesOf = (items: Item[]) => items.map(({ metadata }) => metadata.name);

describeCluster('reads', (kit) => {
  it('pages through a list as it was when the first page was read', async () => {
    const namespace = await kit.namespace();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await kit.apply(settings(namespace, name));
    const page = async (rest: string) => (await kit.request('GET', `${leases(namespace)}?limit=2${rest}`)).body;
    const first = await page('');
    await kit.apply(settings(namespace, 'bb'));
    const second = await page(`&continue=${encodeURIComponent(first.metadata.continue)}`);
    const third = await page(`&continue=${encodeURIComponent(second.metadata.continue)}`);
    expect([first, second, third].map(({ items }) => namesOf(items))).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect([second, third].map(({ metadata }) => metadata.resourceVersion)).toEqual(
      Array(2).fill(first.metadata.resourceVersion),
    );
    expect([first.kind, first.metadata.remainingItemCount, first.items[0].kind]).toEqual(['LeaseList', 3, undefined]);
    expect(third.metadata.continue).toBeUndefined();
  });

  it('selects by labels and fields', async () => {
    const namespace = await kit.namespace();
    await kit.apply(settings(namespace, 'one', { app: 'web', tier: 'front' }));
    await kit.apply(settings(namespace, 'two', { app: 'web' }));
    await kit.apply(settings(namespace, 'three', { app: 'db' }));
    const select = async (query: string) =>
      namesOf((await kit.request('GET', `${leases(namespace)}?${query}`)).body.items);
    const label = (selector: string) => select(`labelSelector=${encodeURIComponent(selector)}`);
    expect(await label('app=web')).toEqual(['one', 'two']);
    expect(await label('app=web,!tier')).toEqual(['two']);
    expect(await label('app in (db, cache)')).toEqual(['three']);
    expect(await label('app!=web')).toEqual(['three']);
    expect(await label('tier')).toEqual(['one']);
    expect(await select('fieldSelector=metadata.name%3Dtwo')).toEqual(['two']);
    expect((await kit.request('GET', `${leases(namespace)}?fieldSelector=spec.x%3Dy`)).status).toBe(400);
  });

  it('watches from a list on, with bookmarks, until its time is over', async () => {
    const namespace = await kit.namespace();
    await kit.apply(deployment('before', { namespace, replicas: 0 }));
    const base = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    await kit.until(
      { kind: 'Deployment', namespace, name: 'before' },
      ({ status }) => status?.observedGeneration === 1,
    );
    const { body } = await kit.request('GET', base);
    const from = body.metadata.resourceVersion;
    const query = `watch=1&allowWatchBookmarks=true&timeoutSeconds=4&resourceVersion=${from}&labelSelector=app%3Dafter`;
    const seen: [string, string | undefined][] = [];
    const reading = (async () => {
      for await (const { type, object } of kit.watch(`${base}?${query}`, AbortSignal.timeout(15_000))) {
        seen.push([type, object.metadata.name]);
        if (type === 'BOOKMARK') expect(Number(object.metadata.resourceVersion)).toBeGreaterThanOrEqual(Number(from));
      }
    })();
    await kit.apply(deployment('other', { namespace, replicas: 0 }));
    await kit.apply(deployment('after', { namespace, replicas: 0 }));
    await kit.request('PATCH', `${base}/after`, {
      contentType: 'application/merge-patch+json',
      body: { metadata: { labels: { app: 'changed' } } },
    });
    await reading;
    const named = seen.filter(([, name]) => name !== undefined);
    expect(named[0]).toEqual(['ADDED', 'after']);
    expect(named.at(-1)).toEqual(['DELETED', 'after']);
    expect(named.every(([, name]) => name === 'after')).toBe(true);
    expect(seen.some(([type]) => type === 'BOOKMARK')).toBe(true);
  });

  it('counts what exists as added where a watch starts from nothing', async () => {
    const namespace = await kit.namespace();
    await kit.apply(settings(namespace, 'x'));
    const path = `${leases(namespace)}?watch=1&resourceVersion=0&timeoutSeconds=5`;
    for await (const { type, object } of kit.watch(path, AbortSignal.timeout(15_000))) {
      expect([type, object.kind, object.metadata.name]).toEqual(['ADDED', 'Lease', 'x']);
      break;
    }
  });

  it('answers a user without the right with the right’s name, and a review with no', async () => {
    const namespace = await kit.namespace();
    const other = await kit.namespace();
    await kit.apply(deployment('web', { namespace, replicas: 0 }));
    const rules = [
      { verbs: ['get', 'list'], apiGroups: ['apps'], resources: ['deployments'], namespaces: [namespace] },
    ];
    const client = kit.clientOf(await kit.restricted(rules));
    const base = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    const refused = await client.request('PATCH', `${base}/web`, {
      contentType: 'application/merge-patch+json',
      body: {},
    });
    expect(refused.body).toMatchObject({
      kind: 'Status',
      reason: 'Forbidden',
      code: 403,
      details: { name: 'web', group: 'apps', kind: 'deployments' },
    });
    expect(refused.body.message).toMatch(
      new RegExp(
        `^deployments.apps "web" is forbidden: User "system:serviceaccount:default:restricted-\\w+" cannot patch resource "deployments" in API group "apps" in the namespace "${namespace}"`,
      ),
    );
    expect((await client.request('GET', `${base}/web`)).status).toBe(200);
    expect((await client.request('GET', base.replace(namespace, other))).status).toBe(403);
    const review = async (verb: string) => {
      const spec = { resourceAttributes: { verb, group: 'apps', resource: 'deployments', namespace } };
      const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
      const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
      const answer = await client.request('POST', path, { body });
      return [answer.status, answer.body.status.allowed];
    };
    expect([await review('list'), await review('patch')]).toEqual([
      [201, true],
      [201, false],
    ]);
    client.close();
  });

  it('is reached by the official client through its kubeconfig', async () => {
    const namespace = await kit.namespace();
    await kit.apply(deployment('web', { namespace, replicas: 0 }));
    const config = new KubeConfig();
    config.loadFromFile(kit.kubeconfig());
    const api = config.makeApiClient(AppsV1Api);
    const { items } = await api.listNamespacedDeployment({ namespace });
    expect(items.map(({ metadata, spec }) => [metadata?.name, spec?.replicas])).toEqual([['web', 0]]);
  });

  it('knows nobody by a wrong token', async () => {
    const client = kit.clientOf({ ...kit.endpoint, token: 'wrong' });
    const answer = await client.request('GET', '/api/v1/pods');
    expect([answer.status, answer.body.reason]).toEqual([401, 'Unauthorized']);
    client.close();
  });

  it('tells its version, its groups, and what it does not have', async () => {
    expect((await kit.request('GET', '/version')).body.gitVersion).toMatch(/^v/);
    expect((await kit.request('GET', '/api')).body.versions).toEqual(['v1']);
    const { groups } = (await kit.request('GET', '/apis')).body;
    expect(groups.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['apps', 'autoscaling', 'batch', 'coordination.k8s.io', 'policy']),
    );
    const { resources } = (await kit.request('GET', '/apis/apps/v1')).body;
    expect(resources.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['deployments', 'deployments/scale', 'daemonsets']),
    );
    expect((await kit.request('GET', '/apis/apps/v1/nothings')).body.reason).toBe('NotFound');
    expect((await kit.request('GET', '/apis/nothing/v1/nothings')).status).toBe(404);
  });
});
