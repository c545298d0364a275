import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WorkloadKind } from '../../src/kubernetes/cluster.ts';
import {
  autoscalerOf,
  findWorkloadByUid,
  nearNames,
  searchNamespaces,
  searchPods,
  searchWorkloads,
} from '../../src/kubernetes/search-snapshot.ts';
import type { ClusterSnapshot, PodSummary, WorkloadSummary } from '../../src/kubernetes/snapshot-reader.ts';
import { editDistance } from '../../src/nearest.ts';

function workload(path: string, kind: WorkloadKind = 'Deployment'): WorkloadSummary {
  const [namespace = '', name = ''] = path.split('/');
  return {
    uid: `${kind}/${path}`,
    kind,
    namespace,
    name,
    replicas: 1,
    ready: 1,
    updated: 1,
    available: 1,
    observed: true,
    owned: false,
    problem: undefined,
    containers: [],
    createdAt: 0,
  };
}

function snapshot(workloads: WorkloadSummary[], more: Partial<ClusterSnapshot> = {}): ClusterSnapshot {
  return {
    cluster: 'test',
    version: 1,
    complete: true,
    asOf: 0,
    problem: undefined,
    nodes: undefined,
    workloads: new Map(workloads.map((one) => [one.uid, one])),
    pods: new Map(),
    autoscalers: undefined,
    namespaces: [],
    ...more,
  };
}

const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'] as const;

describe('searching workloads', () => {
  const all = snapshot([
    workload('shop/web-api'),
    workload('shop/rapid'),
    workload('shop/api-gateway'),
    workload('prod/api'),
    workload('shop/api'),
    workload('shop/api', 'StatefulSet'),
    workload('shop/db', 'StatefulSet'),
  ]);
  const paths = (query: string, more: object = {}) =>
    searchWorkloads(all, { query, kinds: KINDS, limit: 100, ...more }).map((one) => `${one.namespace}/${one.name}`);

  it('puts the best match first', () => {
    expect(paths(' API ')).toEqual([
      'prod/api',
      'shop/api',
      'shop/api',
      'shop/api-gateway',
      'shop/web-api',
      'shop/rapid',
    ]);
  });

  it('narrows by namespace, kind and limit, and reads namespace/name', () => {
    expect(paths('api', { namespace: 'prod' })).toEqual(['prod/api']);
    expect(paths('api', { kinds: ['StatefulSet'] })).toEqual(['shop/api']);
    expect(paths('api', { limit: 2 })).toEqual(['prod/api', 'shop/api']);
    expect(paths('prod/a')).toEqual(['prod/api']);
  });

  it('lists everything by name for an empty query, in the same order whatever the order of arrival', () => {
    const backwards = snapshot([...all.workloads.values()].reverse());
    const list = (one: ClusterSnapshot) =>
      searchWorkloads(one, { query: '', kinds: KINDS, limit: 100 }).map(({ uid }) => uid);
    expect(list(backwards)).toEqual(list(all));
    expect(list(all)[0]).toBe('Deployment/prod/api');
  });
});

it('searches pods and namespaces alike', () => {
  const pod = (name: string) => ({ uid: name, name, namespace: 'shop' }) as PodSummary;
  const all = snapshot([], {
    pods: new Map(['web-2', 'web-1', 'api-1'].map((name) => [name, pod(name)])),
    namespaces: ['team-prod', 'prod', 'dev'],
  });
  expect(searchPods(all, { query: 'web', limit: 9 }).map(({ name }) => name)).toEqual(['web-1', 'web-2']);
  expect(searchNamespaces(all, { query: 'prod', limit: 9 })).toEqual(['prod', 'team-prod']);
  expect(searchNamespaces(all, { query: '', limit: 2 })).toEqual(['dev', 'prod']);
});

it('finds a workload by its UID, and the autoscaler that targets it', () => {
  const web = workload('shop/web');
  const hpa = (namespace: string, targetKind: string) => ({
    name: 'hpa',
    namespace,
    targetKind,
    targetName: 'web',
    min: 1,
    max: 5,
  });
  const found = snapshot([web], {
    autoscalers: new Map([
      ['1', hpa('other', 'Deployment')],
      ['2', hpa('shop', 'StatefulSet')],
      ['3', hpa('shop', 'Deployment')],
    ]),
  });
  expect(findWorkloadByUid(found, web.uid)).toBe(web);
  expect(findWorkloadByUid(found, 'gone')).toBeUndefined();
  expect(autoscalerOf(found, web)).toEqual(hpa('shop', 'Deployment'));
  expect(autoscalerOf(snapshot([web]), web)).toBeUndefined();
});

describe('near names', () => {
  it.each([
    ['ngnix', ['nginx', 'redis', 'ngin'], ['nginx']],
    ['paymnt', ['payments', 'payment-api', 'billing'], ['payments']],
    ['pay', ['payments', 'payment-api', 'billing'], ['payments', 'payment-api']],
    ['api-7d9f-x2', ['api', 'web'], ['api']],
    ['API', ['api', 'apt', 'web'], ['api', 'apt']],
    ['checkout', ['web', 'db'], []],
    ['', ['web'], []],
    ['x', ['a', 'xylophone'], []],
  ])('%s → %j', (wanted, names, near) => {
    expect(nearNames(names, wanted, 5)).toEqual(near);
  });

  it('names none twice and no more than asked for', () => {
    expect(nearNames(['web', 'web', 'wet', 'wex'], 'web', 2)).toEqual(['web', 'wet']);
  });
});

describe('edit distance', () => {
  it.each([
    ['kitten', 'sitting', 3],
    ['ab', 'ba', 1],
    ['', 'abc', 3],
    ['same', 'same', 0],
  ])('%s → %s is %i', (a, b, distance) => {
    expect(editDistance(a, b, 9)).toBe(distance);
    expect(editDistance(b, a, 9)).toBe(distance);
    if (distance > 0) expect(editDistance(a, b, distance - 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is symmetric, and zero only for equal words', () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b, 99);
        expect(distance).toBe(editDistance(b, a, 99));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});
