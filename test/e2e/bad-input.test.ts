import { beforeAll, describe, expect, it } from 'vitest';
import { autoscaler, daemonSet, deployment } from '../support/cluster/manifests.ts';
import { describeCluster } from '../support/clusters.ts';
import type { SeenMessage } from '../support/slack/people/looking.ts';
import { answerTo, asks, whisperTo } from './asking.ts';
import { useStage } from './stage.ts';

/** ms within which people have to hear what is wrong. */
const SOON = 3_000;

/** What people read has words for what happened and what to do, and nothing of the program’s inside. */
function expectWords(message: SeenMessage, what: string | RegExp, advice: string | RegExp): void {
  expect(message.text).toMatch(what);
  expect(message.text).toMatch(advice);
  expect(message.text).not.toMatch(/\bat .+:\d+:\d+|Error:|undefined|\[object|node_modules/);
  expect(message.buttons).toEqual([]);
}

describeCluster('a wrong request', (kit) => {
  const stage = useStage(kit);
  let namespace: string;
  const ref = (kind: string, name: string) => ({ kind, namespace, name });
  beforeAll(async () => {
    namespace = await kit.namespace();
    kit.unschedulable(ref('Deployment', 'homeless'), '0/3 nodes are available: 3 Insufficient memory.');
    await kit.apply(deployment('checkout', { namespace, replicas: 2 }));
    await kit.apply(deployment('web', { namespace, replicas: 2 }));
    await kit.apply(autoscaler('web', { namespace, min: 2, max: 4 }));
    await kit.apply(deployment('homeless', { namespace }));
    await kit.apply(daemonSet('agent', { namespace }));
    await kit.rolledOut(ref('Deployment', 'checkout'));
    await kit.eventually(
      'a pod without a node',
      () => kit.pods(ref('Deployment', 'homeless')),
      (pods) =>
        pods.some(({ status }) =>
          status.conditions?.some(({ reason }: { reason?: string }) => reason === 'Unschedulable'),
        ),
    );
  });

  const lines: [what: string, line: () => string, says: RegExp, advice: RegExp][] = [
    [
      'a workload that is not there',
      () => `restart deployment chekcout -n ${namespace}`,
      /There is no deployment chekcout in/,
      /Did you mean checkout\?/,
    ],
    ['a workload that is nowhere', () => 'restart zzzzzzzz', /called zzzzzzzz/, /-n/],
    [
      'a namespace that is not there',
      () => 'restart checkout -n defualt',
      /There is no namespace defualt/,
      /Did you mean default\?/,
    ],
    [
      'fewer than no replicas',
      () => `scale checkout -1 -n ${namespace}`,
      /Replicas cannot be negative/,
      /For example: `scale checkout 3 -n/,
    ],
    [
      'half a replica',
      () => `scale checkout 1.5 -n ${namespace}`,
      /whole number, not 1.5/,
      /For example: `scale checkout 3 -n/,
    ],
    ['a billion replicas', () => `scale checkout 1000000000 -n ${namespace}`, /at most 1000 replicas/, /kubectl/],
    [
      'NaN replicas',
      () => `scale checkout NaN -n ${namespace}`,
      /whole number, for example 3/,
      /For example: `scale checkout 3 -n/,
    ],
    [
      'scaling a DaemonSet',
      () => `scale daemonset agent 3 -n ${namespace}`,
      /agent is a DaemonSet/,
      /restart daemonset/,
    ],
    ['the same number again', () => `scale checkout 2 -n ${namespace}`, /already has 2 replicas/, /`pods`/],
    [
      'a pod that is not there',
      () => `logs checkout-abc -n ${namespace}`,
      /no pod or workload called checkout-abc/,
      /Did you mean checkout\?/,
    ],
    [
      'a container that is not there',
      () => `logs deploy/checkout -n ${namespace} -c sidecar`,
      /has no container sidecar/,
      /`logs checkout-\S+ -n \S+ -c checkout/,
    ],
    [
      'a command that is not there',
      () => 'scael deployment checkout 5',
      /“scael” is not a command/,
      /Did you mean `scale deployment checkout 5`/,
    ],
    ['nothing', () => '', /Mention me, write to me/, /`help scale`/],
  ];

  describe.each(lines)('%s', (_, line, says, advice) => {
    it('is answered in the thread within 3 s', async () => {
      const from = Date.now();
      const said = await stage.alice.mentions('ops', line());
      expectWords(await answerTo(stage, said, SOON), says, advice);
      expect(Date.now() - from).toBeLessThan(SOON);
    });
  });

  it('is a vote on a request that is gone: whoever voted is told alone', async () => {
    const told = await whisperTo(stage, stage.bob, () => stage.bob.mentions('ops', 'approve nosuch1'));
    expectWords(told, 'There is no request nosuch1', 'lists the open ones');
  });

  it('is a change in a direct message, where nobody could approve it', async () => {
    const said = await stage.alice.dm(`scale checkout 3 -n ${namespace}`);
    expectWords(await answerTo(stage, said, SOON), 'A change needs a channel', 'Ask in a channel that opsbot is in');
  });

  it('is no request for a pod without logs: it says what the pod waits for', async () => {
    const said = await stage.alice.mentions('ops', `logs deploy/homeless -n ${namespace}`);
    expectWords(
      await answerTo(stage, said, SOON),
      /Pod homeless-\S+ has no log yet: it has not started/,
      /Insufficient memory/,
    );
  });

  it('is a request with a warning where an autoscaler will fight back', async () => {
    const { card } = await asks(stage, `scale web 9 -n ${namespace}`);
    expect(card.text).toContain('The autoscaler web allows 2–4: it will set 9 back at once.');
    await stage.alice.clicks('Cancel', { on: card });
  });

  it('has changed nothing', async () => {
    for (const [kind, name] of [
      ['Deployment', 'checkout'],
      ['Deployment', 'web'],
      ['DaemonSet', 'agent'],
    ] as const)
      expect(await kit.changesOf(ref(kind, name))).toEqual([]);
  });
});
