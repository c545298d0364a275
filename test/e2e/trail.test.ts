import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { beforeAll, expect, it } from 'vitest';
import type { RequestEntry } from '../../src/requests/audit.ts';
import { createKeys } from '../../src/requests/keys.ts';
import { deployment } from '../support/cluster/manifests.ts';
import type { KubeObject } from '../support/cluster/types.ts';
import { type ClusterKit, describeCluster, describeLocalCluster } from '../support/clusters.ts';
import { kubeTools } from '../support/kube-tools.ts';
import { type Asked, asks } from './asking.ts';
import { type Stage, useStage } from './stage.ts';

/** What a change leaves behind: in the audit log, and on the workload itself. */
const run = promisify(execFile);

async function eventsOn(kit: ClusterKit, namespace: string, name: string): Promise<KubeObject[]> {
  const query = new URLSearchParams({ fieldSelector: `involvedObject.name=${name},involvedObject.kind=Deployment` });
  const { body } = await kit.request('GET', `/api/v1/namespaces/${namespace}/events?${query}`);
  return (body.items as KubeObject[]).filter(({ source }) => source?.component === 'opsbot');
}

const left = (kit: ClusterKit, namespace: string, name: string) =>
  kit.eventually(
    `an Event on ${name}`,
    () => eventsOn(kit, namespace, name),
    (events) => events.length > 0,
  );

async function audited(stage: Stage): Promise<RequestEntry[]> {
  const redis = new Redis(stage.redis.url);
  const stored = await redis.xrange(createKeys().audit, '-', '+');
  redis.disconnect();
  return stored.map(([, [, , , text = '']]) => JSON.parse(text) as RequestEntry);
}

describeCluster('what a change leaves behind', (kit) => {
  const stage = useStage(kit);
  let namespace: string;
  let asked: Asked;
  let id: string;
  const nginx = () => ({ kind: 'Deployment', namespace, name: 'nginx' });
  beforeAll(async () => {
    namespace = await kit.namespace();
    await kit.apply(deployment('nginx', { namespace, replicas: 3 }));
    await kit.rolledOut(nginx());
    asked = await asks(stage, `scale deployment nginx 5 -n ${namespace} --reason "launch at noon"`);
    await stage.bob.clicks('Approve', { on: asked.card });
    await asked.shows('Done');
    id = (await kit.get(nginx()))?.metadata.annotations?.['opsbot.dev/request']?.split('.')[0] ?? '';
  });

  it('is one Event on the workload: what was done, and in whose name', async () => {
    const events = await left(kit, namespace, 'nginx');
    const uid = (await kit.get(nginx()))?.metadata.uid;
    expect(events).toMatchObject([
      {
        metadata: { name: `nginx.${id}-1` },
        involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'nginx', uid },
        type: 'Normal',
        reason: 'Scaled',
        message: `Replicas 3 → 5 by opsbot: asked by alice, approved by bob (${id}). Reason: launch at noon`,
        reportingComponent: 'opsbot.dev/opsbot',
      },
    ]);
    // kubectl sends no token over plain http, which is what the local cluster speaks.
    if (kit.backend === 'real') await expectDescribed();
  });

  async function expectDescribed(): Promise<void> {
    const { kubectl } = await kubeTools();
    const flags = ['--kubeconfig', kit.kubeconfig(), '-n', namespace];
    const { stdout } = await run(kubectl, ['describe', 'deployment', 'nginx', ...flags]);
    expect(stdout).toMatch(/Normal +Scaled +\S+ +opsbot +Replicas 3 → 5 by opsbot: asked by alice, approved by bob/);
  }

  it('is in the audit log by name and address, with the message that was decided on', async () => {
    const people = {
      UALICE: { name: 'alice', email: 'alice@example.com' },
      UBOB: { name: 'bob', email: 'bob@example.com' },
    };
    const { channel, ts, thread } = asked.card;
    const entries = (await audited(stage)).filter(({ request }) => request === id);
    expect(entries.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['asked', 'planned', 'decided', 'voted', 'released', 'applied', 'finished']),
    );
    const entry = (event: RequestEntry['event']) => entries.find((one) => one.event === event);
    const origin = { channel, thread: asked.said.ts, gesture: 'command' };
    expect(entry('asked')).toMatchObject({ people: { UALICE: people.UALICE }, origin, reason: 'launch at noon' });
    const surfaces = [{ channel, thread, ts, revision: 1 }];
    expect(entry('voted')).toMatchObject({ actor: { user: 'UBOB' }, gesture: 'button', people, surfaces });
    expect(entry('finished')).toMatchObject({ people, surfaces, votes: [{ user: 'UBOB' }] });
  });
});

describeLocalCluster('what a change leaves behind when opsbot crashes', (kit) => {
  const stage = useStage(kit);
  let namespace: string;
  const of = (name: string) => ({ kind: 'Deployment', namespace, name });
  const NAMES = ['unsaid', 'unheard'];
  beforeAll(async () => {
    namespace = await kit.namespace();
    for (const name of NAMES) {
      await kit.apply(deployment(name, { namespace, replicas: 1 }));
      await kit.rolledOut(of(name));
      kit.unschedulable(of(name), 'no node is free');
    }
  });

  async function changed(name: string, fault: 'hang' | 'drop answer'): Promise<Asked> {
    const placed = kit.local?.fault({ kind: fault }, { method: 'POST', path: `/namespaces/${namespace}/events` });
    const asked = await asks(stage, `scale deployment ${name} 2 -n ${namespace}`);
    await stage.bob.clicks('Approve', { on: asked.card });
    await kit.eventually(
      'an Event is on its way',
      async () => placed?.hits(),
      (hits) => hits === 1,
    );
    return asked;
  }

  it('is one Event all the same, whether it was said before or not', async () => {
    const [unsaid, unheard] = [await changed('unsaid', 'hang'), await changed('unheard', 'drop answer')];
    await stage.opsbot.logged(({ msg }) => msg === 'no Event was left on what was changed');
    expect(await eventsOn(kit, namespace, 'unsaid')).toEqual([]);
    expect(await left(kit, namespace, 'unheard')).toHaveLength(1);
    await stage.crash();
    await left(kit, namespace, 'unsaid');
    for (const name of NAMES) kit.recover(of(name));
    for (const asked of [unsaid, unheard]) await asked.shows('Done');
    for (const name of NAMES) {
      expect(await eventsOn(kit, namespace, name)).toHaveLength(1);
      expect(await kit.changesOf(of(name))).toHaveLength(1);
    }
    expect(stage.opsbot.log.filter(({ msg }) => msg.includes('no Event'))).toEqual([]);
  });
});
