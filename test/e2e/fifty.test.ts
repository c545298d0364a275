import { beforeAll, expect, it } from 'vitest';
import { deployment } from '../support/cluster/manifests.ts';
import { describeCluster } from '../support/clusters.ts';
import { asks } from './asking.ts';
import { useStage } from './stage.ts';

const PEOPLE = 50;
/** Slack gives an app three seconds. */
const ANSWER_MS = 3_000;

describeCluster('fifty people who click Approve twice each at the same moment', (kit) => {
  const stage = useStage(kit);
  let namespace: string;
  const nginx = () => ({ kind: 'Deployment', namespace, name: 'nginx' });
  beforeAll(async () => {
    namespace = await kit.namespace();
    await kit.apply(deployment('nginx', { namespace, replicas: 1 }));
    await kit.rolledOut(nginx());
  });

  it('cause one execution, and every click is answered in time', async () => {
    const people = Array.from({ length: PEOPLE }, (_, number) =>
      stage.slack.addUser(`UMANY${number}`, `many${number}`),
    );
    for (const { id } of people) stage.slack.channel('ops').members.add(id);
    const asked = await asks(stage, `scale nginx 2 -n ${namespace}`);
    const buttons = people.flatMap((person) => [1, 2].map(() => person.finds('Approve', { on: asked.card })));

    const clicks = await Promise.all(buttons.map((button) => button.click()));
    expect(clicks.filter(({ acked }) => acked)).toHaveLength(2 * PEOPLE);
    expect(Math.max(...clicks.map(({ ms }) => ms))).toBeLessThan(ANSWER_MS);

    await asked.shows('Done');
    expect(await kit.changesOf(nginx())).toHaveLength(1);
    const approved = () => asked.lines().filter((line) => line.includes('approved'));
    const started = () => asked.lines().filter((line) => line.includes('Started.'));
    await stage.slack.waitFor(() => asked.lines().at(-1)?.includes('Done.'));
    expect(approved()).toHaveLength(1);
    expect(started()).toHaveLength(1);
    // One vote was enough: whoever else clicked has been told that it was over.
    const told = people.flatMap((person) => person.sees('ops').filter(({ ephemeral }) => ephemeral));
    expect(told).toHaveLength(2 * PEOPLE - 1);
  });
});
