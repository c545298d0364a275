import { beforeAll, describe, expect, it } from 'vitest';
import { deployment } from '../support/cluster/manifests.ts';
import { describeLocalCluster } from '../support/clusters.ts';
import type { Person } from '../support/slack/people/person.ts';
import { asks, followed, whisperTo } from './asking.ts';
import { useStage } from './stage.ts';

describeLocalCluster('people and places that do not fit', (kit) => {
  const stage = useStage(kit, { config: () => 'channels: { requests: C0DELETED00 }' });
  let namespace: string;
  const nginx = () => ({ kind: 'Deployment', namespace, name: 'nginx' });
  beforeAll(async () => {
    namespace = await kit.namespace();
    await kit.apply(deployment('nginx', { namespace, replicas: 1 }));
    await kit.rolledOut(nginx());
  });
  const directly = async (person: Person, gesture: () => Promise<unknown>) => {
    const said = () => person.directMessages().filter(({ by }) => by === 'UOPSBOT');
    const before = said().length;
    await gesture();
    return stage.slack.waitFor(() => said()[before], { what: `opsbot to write to ${person.user.name}` });
  };

  it('are looked for at the start: the channel for requests was deleted', () => {
    expect(stage.slack.takeViolations()).toMatchObject([{ name: 'conversations.info', error: 'channel_not_found' }]);
  });

  it('are told why their click does not count', async () => {
    const asked = await asks(stage, `scale nginx 2 -n ${namespace}`);
    const dave = stage.person('dave');
    const greta = stage.person('greta');
    const outside = await directly(dave, () => dave.clicks('Approve', { on: asked.card }));
    expect(outside.text).toContain('Only members of the channel where this was asked can approve it.');
    // Slack says nothing ephemerally to people who are not in the channel: that was tried first.
    expect(stage.slack.takeViolations()).toMatchObject([{ name: 'chat.postEphemeral', error: 'user_not_in_channel' }]);
    const guest = await whisperTo(stage, greta, () => greta.clicks('Approve', { on: asked.card }));
    expect(guest.text).toContain('Guests cannot ask for changes or decide about them');
    expect(asked.now().buttons).toContain('Approve');
    await stage.alice.clicks('Cancel', { on: asked.card });
    await asked.shows('Cancelled');
  });

  it('are told so in a shared channel, if they are of another workspace', async () => {
    const said = await stage.alice.mentions('shared', `scale nginx 2 -n ${namespace}`);
    const card = await stage.bob.waitsFor((m) => m.thread === said.ts && m.buttons.includes('Approve'));
    const stella = stage.person('stella');
    await stella.clicks('Approve', { on: card });
    const told = await stella.waitsFor((m) => m.ephemeral && m.thread === said.ts);
    expect(told.text).toContain('You belong to another workspace');
    await stella.mentions('shared', 'restart nginx');
    await stella.waitsFor((m) => m.ephemeral && m.thread !== said.ts && m.text.includes('another workspace'));
    await stage.alice.clicks('Cancel', { on: card });
    await followed(stage, said, card).shows('Cancelled');
  });

  it('learn how to invite opsbot where it is not', async () => {
    const { answer } = await stage.alice.slash('/opsbot', `scale nginx 2 -n ${namespace}`, 'random');
    expect(answer?.ephemeral).toBe(true);
    expect(answer?.text).toContain('opsbot is not in this channel.');
    expect(answer?.text).toContain('/invite @opsbot');
    const logs = await directly(stage.alice, () => stage.alice.slash('/opsbot', `pods ${namespace}`, 'random'));
    expect(logs.text).toContain('nginx-');
  });

  it('learn that the channel for requests was deleted, in the modal and by direct message', async () => {
    await stage.alice.runsShortcut('Restart a workload');
    await stage.alice.chooses('Namespace', namespace);
    await stage.alice.chooses('Workload', 'nginx');
    const gone = 'opsbot is not in the channel where requests are posted (C0DELETED00).';
    expect(await stage.alice.submits()).toMatchObject({ errors: { Reason: expect.stringContaining(gone) } });
    expect(stage.alice.modal()).toBeDefined();
    await stage.alice.closes();
    const told = await directly(stage.alice, () => stage.alice.dm(`restart nginx -n ${namespace}`));
    expect(told.text).toContain(gone);
    expect(told.text).toContain('or let channels.requests be corrected');
    const refused = { name: 'conversations.info', error: 'channel_not_found' };
    expect(stage.slack.takeViolations()).toMatchObject([refused, refused]);
  });

  describe('a channel that is archived while its request waits', () => {
    it('leaves the requester with a message that says so', async () => {
      const channel = stage.slack.addChannel('CFADING0001', 'fading', ['UALICE', 'UBOB', 'UOPSBOT']);
      const said = await stage.alice.mentions('fading', `scale nginx 2 -n ${namespace}`);
      const card = await stage.bob.waitsFor((m) => m.thread === said.ts && m.buttons.includes('Approve'));
      const press = stage.bob.finds('Approve', { on: card });
      channel.is_archived = true;
      const told = await directly(stage.alice, () => press.click());
      expect(told.text).toContain(`opsbot cannot post “Scale deployment nginx in ${namespace} to 2 replicas”`);
      expect(told.text).toContain('The channel is archived.');
      await stage.opsbot.logged(({ msg }) => msg === 'a request cannot be shown');
      // It was approved before the channel was lost: its requester still learns how it ended.
      await stage.slack.waitFor(
        () => stage.alice.directMessages().some((m) => m.text.includes('*Done*: Scale deployment nginx')),
        {
          timeoutMs: 10_000,
        },
      );
      expect(await kit.changesOf(nginx())).toHaveLength(1);
      // It is tried again whenever the request has changed.
      const refused = stage.slack.takeViolations().map(({ name, error }) => `${name}: ${error}`);
      expect([...new Set(refused)]).toEqual(['chat.update: is_archived']);
      expect(stage.takeErrors()).toMatchObject([{ msg: 'a request cannot be shown' }]);
    });
  });
});
