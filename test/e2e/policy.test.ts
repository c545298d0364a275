import { beforeAll, describe, expect, it } from 'vitest';
import { deployment } from '../support/cluster/manifests.ts';
import { describeLocalCluster } from '../support/clusters.ts';
import { answered, asks, followed, whisperTo } from './asking.ts';
import { useStage } from './stage.ts';

const CONFIG = `
policy:
  - match: { namespace: "prod-*", action: scale }
    approvals: 2
    approvers: ["@sre"]
    reason: required
  - match: { namespace: "dev-*" }
    confirm: true
  - match: { namespace: vault, action: [scale, restart] }
    deny: Ask the security team in person.
  - match: { namespace: playground }
    allow: true
`;

/** The configuration's rules, as people meet them. */
describeLocalCluster('policy', (kit) => {
  const stage = useStage(kit, { config: () => CONFIG });
  const web = (namespace: string) => ({ kind: 'Deployment', namespace, name: 'web' });
  beforeAll(async () => {
    for (const namespace of ['prod-eu', 'dev-eu', 'vault', 'playground']) {
      await kit.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
      await kit.apply(deployment('web', { namespace, replicas: 1 }));
      await kit.rolledOut(web(namespace));
    }
  });

  describe('two approvals of a user group', () => {
    it('wants the reason that the rule requires', async () => {
      const { text } = await answered(stage, 'scale web 2 -n prod-eu');
      expect(text).toContain('This needs a reason (policy rule 1).');
      expect(text).toContain('--reason "why"');
    });

    it('counts two people of the group, and nobody else', async () => {
      const erin = stage.slack.addUser('UERIN', 'erin');
      stage.slack.channel('ops').members.add('UERIN');
      const asked = await asks(stage, 'scale web 2 -n prod-eu --reason "twice the load"');
      expect(asked.card.text).toContain('Needs 2 approvals from @sre');
      const told = await whisperTo(stage, erin, () => erin.clicks('Approve', { on: asked.card }));
      expect(told.text).toContain('not among the approvers');
      await stage.bob.clicks('Approve', { on: asked.card });
      await asked.shows('Approved by @bob.');
      await stage.bob.reacts('white_check_mark', asked.card);
      expect((await asked.shows('Needs 1 more approval')).buttons).toContain('Approve');
      expect(await kit.changesOf(web('prod-eu'))).toEqual([]);
      await stage.carol.clicks('Approve', { on: asked.card });
      expect((await asked.shows('Done')).text).toContain('Approved by @bob and @carol.');
      expect(await kit.changesOf(web('prod-eu'))).toHaveLength(1);
    });

    it('does not count a reaction that was taken back', async () => {
      const asked = await asks(stage, 'scale web 3 -n prod-eu --reason "more load"');
      await stage.bob.reacts('white_check_mark', asked.card);
      await asked.shows('Needs 1 more approval');
      await stage.bob.unreacts('white_check_mark', asked.card);
      await asked.shows('Needs 2 approvals');
      await stage.carol.clicks('Approve', { on: asked.card });
      await asked.shows('Approved by @carol.');
      expect(asked.now().text).toContain('Needs 1 more approval');
      await stage.bob.reacts('heavy_check_mark', asked.card);
      await asked.shows('Done');
      expect(await kit.changesOf(web('prod-eu'))).toHaveLength(2);
    });
  });

  it('lets whoever asked confirm their own change, with the plan in view, and nobody else', async () => {
    const asked = await asks(stage, 'scale web 2 -n dev-eu');
    expect(asked.card.text).toContain('Waiting for confirmation');
    const told = await whisperTo(stage, stage.bob, () => stage.bob.clicks('Approve', { on: asked.card }));
    expect(told.text).toContain('Only the person who asked for it confirms this one');
    await stage.alice.says('ops', 'confirm', { thread: asked.said });
    await asked.shows('Done');
    expect(await kit.changesOf(web('dev-eu'))).toHaveLength(1);
  });

  it('says why where nobody may', async () => {
    const denied = await answered(stage, 'restart web -n vault');
    expect(denied.text).toContain('Not allowed');
    expect(denied.text).toContain('Ask the security team in person.');
    expect(denied.buttons).toEqual([]);
    expect(await kit.changesOf(web('vault'))).toEqual([]);
  });

  it('does at once what needs nobody, and tells how it went', async () => {
    const card = await answered(stage, 'scale web 2 -n playground');
    await followed(stage, { channel: card.channel, ts: card.thread ?? '' }, card).shows('Done');
    expect(await kit.changesOf(web('playground'))).toHaveLength(1);
  });
});
