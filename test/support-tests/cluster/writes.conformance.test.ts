import { expect, it } from 'vitest';
import { eventBody } from '../../../src/kubernetes/event-body.ts';
import { deployment, statefulSet } from '../../support/cluster/manifests.ts';
import type { KubeObject } from '../../support/cluster/types.ts';
import { type ClusterKit, describeCluster } from '../../support/clusters.ts';

const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';

async function created(kit: ClusterKit, manifest = deployment('web', { replicas: 0 })) {
  const namespace = await kit.namespace();
  const { kind } = manifest;
  const object = await kit.apply({ ...manifest, metadata: { ...manifest.metadata, namespace } });
  const { name } = object.metadata;
  const path = `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`;
  const ref = { kind, namespace, name };
  // The controllers have had their say: what changes from now on is the test's doing.
  await kit.until(ref, ({ status, metadata }) => status?.observedGeneration === metadata.generation);
  const patch = (body: unknown, contentType = MERGE) => kit.request('PATCH', path, { body, contentType });
  return { namespace, name, path, ref, patch };
}

const statusOf = ({
  status,
  body,
}: {
  status: number;
  body: { kind?: string; reason?: string; message?: string };
}) => ({
  status,
  kind: body.kind,
  reason: body.reason,
  message: body.message,
});

describeCluster('writes', (kit) => {
  it('refuses a merge patch that carries a stale resourceVersion', async () => {
    const { patch, name } = await created(kit);
    const answer = await patch({ metadata: { resourceVersion: '1' }, spec: { paused: true } });
    expect(statusOf(answer)).toEqual({
      status: 409,
      kind: 'Status',
      reason: 'Conflict',
      message: `Operation cannot be fulfilled on deployments.apps "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    });
    expect(answer.body.details).toEqual({ name, group: 'apps', kind: 'deployments' });
  });

  it('applies a merge patch that carries the current resourceVersion, once', async () => {
    const { patch, ref } = await created(kit);
    // A controller may write its status in between: whoever loses reads again.
    const write = async () => {
      const before = await kit.get(ref);
      const body = { metadata: { resourceVersion: before?.metadata.resourceVersion }, spec: { minReadySeconds: 1 } };
      return { generation: before?.metadata.generation ?? 0, body, answer: await patch(body) };
    };
    const { generation, body, answer } = await kit.eventually('a write', write, (tried) => tried.answer.status !== 409);
    expect([answer.status, answer.body.metadata.generation]).toEqual([200, generation + 1]);
    expect((await patch(body)).status).toBe(409);
    expect(await kit.changesOf(ref)).toHaveLength(1);
    expect((await kit.writes(ref)).map(({ verb, status }) => [verb, status])).toEqual(
      expect.arrayContaining([
        ['patch', 200],
        ['patch', 409],
      ]),
    );
  });

  it('answers a failed JSON Patch test without saying which', async () => {
    const { patch } = await created(kit);
    for (const path of ['/spec/replicas', '/metadata/annotations/nothing', '/spec/no/such/map']) {
      const answer = await patch([{ op: 'test', path, value: 77 }], JSON_PATCH);
      expect(statusOf(answer)).toEqual({
        status: 422,
        kind: 'Status',
        reason: 'Invalid',
        message: 'the server rejected our request due to an error in our request',
      });
    }
  });

  it('applies a JSON Patch whose test holds', async () => {
    const { patch, ref } = await created(kit);
    const operations = [
      { op: 'test', path: '/spec/replicas', value: 0 },
      { op: 'add', path: '/metadata/labels/a~1b', value: 'c' },
      { op: 'replace', path: '/spec/revisionHistoryLimit', value: 3 },
    ];
    expect((await patch(operations, JSON_PATCH)).status).toBe(200);
    const after = await kit.get(ref);
    expect([after?.metadata.labels?.['a/b'], after?.spec.revisionHistoryLimit]).toEqual(['c', 3]);
  });

  it('understands no other patch', async () => {
    const { patch } = await created(kit);
    const answer = await patch('spec: {}', 'text/plain');
    expect([answer.status, answer.body.kind, answer.body.reason]).toEqual([415, 'Status', 'UnsupportedMediaType']);
  });

  it('raises a Deployment’s generation with its spec and its annotations, not with its labels or a no-op', async () => {
    const { patch } = await created(kit);
    const generations: number[] = [];
    for (const body of [
      { metadata: { labels: { a: 'b' } } },
      { metadata: { annotations: { a: 'b' } } },
      { metadata: { annotations: { a: 'b' } } },
      { spec: { minReadySeconds: 2 } },
      { status: { replicas: 9 } },
    ]) {
      generations.push((await patch(body)).body.metadata.generation);
    }
    const [first = 0, ...rest] = generations;
    expect(rest).toEqual([first + 1, first + 1, first + 2, first + 2]);
  });

  it('raises a StatefulSet’s generation with its spec only', async () => {
    const { patch } = await created(kit, statefulSet('db', { replicas: 0 }));
    const annotated = await patch({ metadata: { annotations: { a: 'b' } } });
    const template = { metadata: { annotations: { a: 'b' } } };
    const changed = await patch({ metadata: { annotations: { c: 'd' } }, spec: { template } });
    expect([annotated.body.metadata.generation, changed.body.metadata.generation]).toEqual([1, 2]);
  });

  it('changes nothing by a write that changes nothing', async () => {
    const { patch, ref } = await created(kit);
    const before = await kit.get(ref);
    const after = (await patch({ spec: { replicas: 0 } })).body as KubeObject;
    expect(after.metadata.generation).toBe(before?.metadata.generation);
    expect(await kit.changesOf(ref)).toEqual([]);
  });

  it('accepts no negative and no fractional replicas', async () => {
    const { patch, name } = await created(kit);
    const negative = await patch({ spec: { replicas: -1 } });
    expect(statusOf(negative)).toEqual({
      status: 422,
      kind: 'Status',
      reason: 'Invalid',
      message: `Deployment.apps "${name}" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0`,
    });
    const fractional = await patch({ spec: { replicas: 1.5 } });
    expect([fractional.status, fractional.body.reason]).toEqual([422, 'Invalid']);
  });

  it('scales by the subresource, which leaves out a 0 and drops annotations', async () => {
    const { path, ref } = await created(kit);
    const scale = await kit.request('GET', `${path}/scale`);
    expect([scale.body.kind, scale.body.spec]).toEqual(['Scale', {}]);
    const body = { metadata: { annotations: { lost: 'yes' } }, spec: { replicas: 1 } };
    const answer = await kit.request('PATCH', `${path}/scale`, { body, contentType: MERGE });
    expect([answer.status, answer.body.spec.replicas]).toEqual([200, 1]);
    const after = await kit.get(ref);
    expect([after?.spec.replicas, after?.metadata.annotations?.lost]).toEqual([1, undefined]);
    expect((await kit.changesOf(ref)).map(({ subresource }) => subresource)).toEqual(['scale']);
    const negative = await kit.request('PATCH', `${path}/scale`, {
      body: { spec: { replicas: -2 } },
      contentType: MERGE,
    });
    expect([negative.status, negative.body.details.kind]).toEqual([422, 'Scale']);
  });

  it('says what is not there, and what is there already', async () => {
    const { namespace, path, name } = await created(kit);
    const base = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    expect((await kit.request('GET', `${base}/nothing`)).body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'deployments.apps "nothing" not found',
      reason: 'NotFound',
      details: { name: 'nothing', group: 'apps', kind: 'deployments' },
      code: 404,
    });
    const again = await kit.request('POST', base, { body: deployment(name) });
    expect([again.status, again.body.reason]).toEqual([409, 'AlreadyExists']);
    const nowhere = await kit.request('POST', '/apis/apps/v1/namespaces/nowhere/deployments', {
      body: deployment('x'),
    });
    expect(statusOf(nowhere)).toMatchObject({ status: 404, message: 'namespaces "nowhere" not found' });
    const precondition = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: 'another' } };
    expect((await kit.request('DELETE', path, { body: precondition })).status).toBe(409);
    expect((await kit.request('DELETE', path)).body.status).toBe('Success');
    expect((await kit.request('GET', path)).status).toBe(404);
  });

  it('takes an Event about a workload once, and only in the workload’s own namespace', async () => {
    const { namespace, name, ref } = await created(kit);
    const uid = (await kit.get(ref))?.metadata.uid ?? '';
    const base = `/api/v1/namespaces/${namespace}/events`;
    const event = eventBody({
      ...{ name: `${name}.r-k7m2q-1`, workload: { kind: 'Deployment', namespace, name, uid } },
      ...{ reason: 'Scaled', message: 'Replicas 3 → 5', instance: 'opsbot-1', at: Date.UTC(2026, 0, 1) },
    });
    const first = await kit.request('POST', base, { body: event });
    expect([first.status, first.body]).toMatchObject([
      201,
      { ...event, metadata: { namespace, name: event.metadata.name } },
    ]);
    expect(statusOf(await kit.request('POST', base, { body: event }))).toMatchObject({
      status: 409,
      reason: 'AlreadyExists',
    });
    const query = new URLSearchParams({ fieldSelector: `involvedObject.uid=${uid},reason=Scaled` });
    expect((await kit.request('GET', `${base}?${query}`)).body.items).toHaveLength(1);
    const elsewhere = { ...event, involvedObject: { ...event.involvedObject, namespace: 'default' } };
    const refused = await kit.request('POST', base, { body: elsewhere });
    expect([refused.status, refused.body.reason]).toEqual([422, 'Invalid']);
  });

  it('gives a generated name, and lets one of two holders take a Lease', async () => {
    const namespace = await kit.namespace();
    const base = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
    const lease = (metadata: object) => ({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata,
      spec: { holderIdentity: 'a', renewTime: '2026-01-01T00:00:00.000000Z' },
    });
    const { body } = await kit.request('POST', base, { body: lease({ generateName: 'x-' }) });
    expect(body.metadata.name).toMatch(/^x-[a-z0-9]{5}$/);
    const { name, resourceVersion } = body.metadata;
    const take = (version: string | undefined) => {
      const metadata = version === undefined ? { name } : { name, resourceVersion: version };
      const next = lease(metadata);
      return kit.request('PUT', `${base}/${name}`, { body: { ...next, spec: { ...next.spec, holderIdentity: 'b' } } });
    };
    const statuses = [(await take(undefined)).status, (await take(resourceVersion)).status];
    expect([...statuses, (await take(resourceVersion)).status]).toEqual([422, 200, 409]);
  });
});
