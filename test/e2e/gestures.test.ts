import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { autoscaler, deployment } from '../support/cluster/manifests.ts';
import { describeLocalCluster } from '../support/clusters.ts';
import type { SeenMessage } from '../support/slack/people/looking.ts';
import { cardIn, followed } from './asking.ts';
import { useStage } from './stage.ts';

const REQUESTS = 'C0REQUESTS1';

/** Every way to ask leads to the same request. */
describeLocalCluster('ways to ask', (kit) => {
  let namespace: string;
  const ref = (name: string) => ({ kind: 'Deployment', namespace, name });
  beforeAll(async () => {
    namespace = await kit.namespace();
    kit.crash(ref('broken'));
    for (const name of ['api', 'web', 'broken']) await kit.apply(deployment(name, { namespace, replicas: 2 }));
    await kit.apply(autoscaler('web', { namespace, min: 2, max: 6 }));
    await kit.rolledOut(ref('api'));
    await kit.rolledOut(ref('web'));
  });
  const stage = useStage(kit, { transport: 'http', config: () => `channels: { requests: ${REQUESTS} }` });
  beforeAll(() => {
    stage.slack.addChannel(REQUESTS, 'requests', ['UALICE', 'UBOB', 'UOPSBOT']);
    // At the start opsbot looked for it.
    stage.slack.takeViolations();
  });

  const cards = () =>
    ['ops', 'alerts', 'requests'].flatMap((name) =>
      stage.bob.sees(name).filter(({ buttons }) => buttons.includes('Approve')),
    );
  /** The message of the request that `gesture` asks for. */
  async function newCard(gesture: () => Promise<unknown>): Promise<SeenMessage> {
    const before = new Set(cards().map(({ ts }) => ts));
    await gesture();
    return stage.slack.waitFor(() => cards().find(({ ts }) => !before.has(ts)), { what: 'a request' });
  }
  /** So that each test has one request in view. */
  async function cancel(card: SeenMessage): Promise<void> {
    await stage.alice.clicks('Cancel', { on: card });
    await followed(stage, card, card).shows('Cancelled');
  }

  describe('the shortcut', () => {
    it('opens a modal that searches as one types and shows the workload as it is', async () => {
      const { alice } = stage;
      await alice.runsShortcut('Scale a workload');
      expect(alice.modal()?.inputs).toEqual(['Namespace', 'Workload', 'Replicas', 'Reason']);
      expect((await alice.searches('Namespace', namespace.slice(0, 4))).options).toContain(namespace);
      await alice.chooses('Namespace', namespace);
      expect((await alice.searches('Workload', 'we')).options).toEqual([expect.stringContaining('web')]);
      await alice.chooses('Workload', 'web');
      expect(alice.modal()?.text).toContain('2 wanted, 2 ready');
      expect(alice.modal()?.text).toMatch(/autoscaler `web` keeps it between 2 and 6/);
    });

    it.each(['-1', '1.5', '1000000000', 'NaN', ''])('says at the field that “%s” replicas are wrong', async (wrong) => {
      await stage.alice.fills('Replicas', wrong);
      expect(await stage.alice.submits()).toMatchObject({ errors: { Replicas: expect.any(String) } });
      expect(stage.alice.modal()?.text).toContain('2 wanted, 2 ready');
    });

    it('says at the field that the workload is in another namespace', async () => {
      await stage.alice.fills('Replicas', '3');
      await stage.alice.chooses('Namespace', 'default');
      const sent = await stage.alice.submits();
      expect(sent).toMatchObject({ errors: { Workload: expect.stringContaining(`web is in ${namespace}, not in`) } });
      await stage.alice.chooses('Namespace', namespace);
    });

    it('posts the request, with the reason, where requests belong', async () => {
      await stage.alice.chooses('Workload', 'api');
      await stage.alice.fills('Replicas', '3');
      await stage.alice.fills('Reason', 'the queue grows');
      const card = await newCard(async () => {
        expect(await stage.alice.submits()).toMatchObject({ closed: true });
      });
      expect(card).toMatchObject({ channel: REQUESTS, thread: undefined });
      expect(card.text).toContain(`Scale deployment api in ${namespace} to 3 replicas`);
      expect(card.text).toMatch(/Replicas.*2.*→.*3/);
      expect(card.text).toContain('> the queue grows');
      await stage.bob.clicks('Approve', { on: card });
      await followed(stage, card, card).shows('Done');
      expect(await kit.changesOf(ref('api'))).toHaveLength(1);
    });
  });

  it('is a shortcut on a message, filled in with what the message names', async () => {
    const [pod] = await kit.pods(ref('web'));
    const alert = await stage.bob.says('alerts', `FIRING: PodRestarts ${namespace}/${pod?.metadata.name} is flapping`);
    await stage.alice.runsMessageShortcut('Restart this workload', alert);
    expect(stage.alice.modal()?.text).toContain(`Deployment \`web\` in \`${namespace}\``);
    await stage.alice.submits();
    const asked = await cardIn(stage, alert);
    expect(asked.card.text).toContain(`Restart deployment web in ${namespace}`);
    await cancel(asked.card);
  });

  describe('Home', () => {
    it('shows what is broken, with buttons that know what they are about', async () => {
      const { alice } = stage;
      await alice.opensHome();
      await stage.slack.waitFor(() => alice.home()?.text.includes('`broken`'));
      expect(alice.home()?.buttons).toEqual(expect.arrayContaining(['Scale a workload', 'Restart', 'Show logs']));
      await alice.clicks('Restart', { on: 'home' });
      expect(alice.modal()?.text).toContain(`Deployment \`broken\` in \`${namespace}\``);
      const card = await newCard(() => alice.submits());
      expect(card.text).toContain(`Restart deployment broken in ${namespace}`);
      await stage.slack.waitFor(() => alice.home()?.text.includes('Restart deployment broken'));
      await cancel(card);
    });

    it('lets others decide there, as well', async () => {
      const card = await newCard(() => stage.alice.slash('/opsbot', `scale web 3 -n ${namespace}`, 'ops'));
      await stage.bob.opensHome();
      await stage.slack.waitFor(() => stage.bob.home()?.text.includes('Waiting for you'));
      await stage.bob.clicks('Reject', { on: 'home' });
      await stage.bob.fills('Reason', 'it scales by itself');
      await stage.bob.submits();
      const rejected = await followed(stage, card, card).shows('Rejected');
      expect(rejected.text).toContain('By @bob: it scales by itself');
      expect(rejected.buttons).toEqual([]);
      await stage.slack.waitFor(() => !stage.bob.home()?.text.includes('Waiting for you'));
    });
  });

  describe('/opsbot', () => {
    it('posts a change in the channel, with its warnings', async () => {
      const card = await newCard(() => stage.alice.slash('/opsbot', `scale web ${namespace} 9`, 'ops'));
      expect(card).toMatchObject({ channel: 'COPS', thread: undefined });
      expect(card.text).toContain('The autoscaler web allows 2–6: it will set 9 back at once.');
      expect(card.text).toContain('more than double');
      const press = stage.bob.finds('Approve', { on: card });
      expect(press.confirm?.text.text).toContain('autoscaler');
      await cancel(card);
    });

    it('shows a read to its writer alone', async () => {
      await stage.alice.slash('/opsbot', `pods ${namespace}`, 'ops');
      const answer = await stage.alice.waitsFor((m) => m.ephemeral && /broken-\S+ +0\/1/.test(m.text), { in: 'ops' });
      expect(answer.text).toContain('NAME');
      expect(stage.bob.sees('ops').some(({ text }) => text.includes('broken-'))).toBe(false);
    });
  });

  describe('a direct message', () => {
    it('is answered there where it only reads', async () => {
      const said = await stage.alice.dm(`pods ${namespace}`);
      const answer = await stage.slack.waitFor(() =>
        stage.alice.directMessages().find((m) => m.thread === said.ts && m.by === 'UOPSBOT'),
      );
      expect(answer.text).toContain('NAME');
    });

    it('asks for a change where others see it, and says where that is', async () => {
      const before = stage.alice.directMessages().length;
      const card = await newCard(() => stage.alice.dm(`restart api -n ${namespace}`));
      expect(card.text).toContain('Asked by @alice');
      const told = await stage.slack.waitFor(() => stage.alice.directMessages()[before + 1]);
      expect(card.channel).toBe(REQUESTS);
      expect(told.text).toContain(`<#${REQUESTS}>`);
      await cancel(card);
    });
  });

  it('leaves nothing undecided, and the cluster as it was approved', async () => {
    expect(cards()).toEqual([]);
    expect(await kit.changesOf(ref('web'))).toEqual([]);
    expect(await kit.changesOf(ref('broken'))).toEqual([]);
  });

  afterAll(() => kit.recover(ref('broken')));
});
