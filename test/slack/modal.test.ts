import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../src/errors.ts';
import type { Request } from '../../src/requests/request.ts';
import { kitOfFile, startSlackKit } from './slack-kit.ts';

const kit = await kitOfFile({ channels: { requests: 'COPS' } });

const newest = async () => (await kit.store.loadAll(await kit.store.recentIds(1)))[0] as Request;

describe('a modal whose request came through though its person was told that it may not have', () => {
  it('asks once when it is sent again as it was, and anew when it was changed', async () => {
    let answersLost = 2;
    const two = await startSlackKit({
      channels: { requests: 'COPS' },
      intercept: (requests) => ({
        ...requests,
        async ask(ask) {
          const request = await requests.ask(ask);
          if (answersLost-- > 0) throw new UnavailableError('opsbot did not get this done in time.');
          return request;
        },
      }),
    });
    try {
      const inputs = async () => (await two.store.loadAll(await two.store.recentIds(9))).map(({ input }) => input);
      await two.alice.runsShortcut('Scale a workload');
      await two.alice.chooses('Workload', 'api');
      await two.alice.fills('Replicas', '6');
      expect(await two.alice.submits()).toMatchObject({ errors: {} });
      expect(await two.alice.submits()).toMatchObject({ errors: {} });
      expect(await inputs()).toHaveLength(1);
      await two.alice.fills('Replicas', '7');
      expect(await two.alice.submits()).toMatchObject({ closed: true });
      await two.settled();
      expect(await inputs()).toMatchObject([{ replicas: 7 }, { replicas: 6 }]);
    } finally {
      await two.stop();
    }
  });
});

describe('the scale modal', () => {
  it('searches as one types, shows the workload as it is, and posts the request', async () => {
    const { alice, bob } = kit;
    await alice.runsShortcut('Scale a workload');
    expect(alice.modal()?.inputs).toEqual(['Namespace', 'Workload', 'Replicas', 'Reason']);
    expect((await alice.searches('Namespace', 'pr')).options).toEqual(['prod']);
    await alice.chooses('Namespace', 'prod');
    expect((await alice.searches('Workload', '')).options).toEqual(['api']);
    await alice.chooses('Workload', 'api');
    expect(alice.modal()?.text).toMatch(/3 wanted, 2 ready/);
    expect(alice.modal()?.text).toContain('api-hpa');
    await alice.fills('Replicas', '6');
    await alice.fills('Reason', 'launch');
    expect(await alice.submits()).toMatchObject({ closed: true });
    expect(alice.modal()).toBeUndefined();
    const card = await bob.waitsFor((m) => m.buttons.includes('Approve'), { in: 'ops' });
    expect(card.thread).toBeUndefined();
    expect(card.text).toContain('launch');
    await kit.settled();
    expect(await newest()).toMatchObject({
      requester: 'UALICE',
      input: { replicas: 6, workload: { kind: 'Deployment', namespace: 'prod', name: 'api' } },
      origin: { channel: 'COPS', gesture: 'modal' },
    });
    await bob.says('ops', 'approve', { thread: card });
    await kit.settled();
    expect((await newest()).state).toBe('executing');
  });

  it('leaves out kinds that cannot be scaled', async () => {
    await kit.alice.runsShortcut('Scale a workload');
    expect((await kit.alice.searches('Workload', '')).options).toEqual(['api', 'nginx']);
    await kit.alice.closes();
    await kit.alice.runsShortcut('Restart a workload');
    expect((await kit.alice.searches('Workload', '')).options).toEqual(['agent', 'api', 'nginx']);
    await kit.alice.closes();
  });

  it('says at the field what is wrong and stays open', async () => {
    const { alice } = kit;
    await alice.runsShortcut('Scale a workload');
    await alice.chooses('Namespace', 'prod');
    await alice.chooses('Workload', 'api');
    await alice.chooses('Namespace', 'default');
    await alice.fills('Replicas', '2');
    const sent = await alice.submits();
    expect(sent).toMatchObject({ errors: { Workload: expect.stringContaining('api is in prod, not in default') } });
    expect(alice.modal()).toBeDefined();
    await alice.closes();
  });

  it('says so where the workload was deleted meanwhile', async () => {
    const { alice } = kit;
    await alice.runsShortcut('Scale a workload');
    await alice.chooses('Workload', 'nginx');
    await alice.fills('Replicas', '2');
    const before = await kit.picture.reader.read();
    kit.picture.set({ ...before, workloads: new Map() });
    const sent = await alice.submits();
    kit.picture.set(before);
    expect(sent).toMatchObject({ errors: { Workload: expect.stringContaining('does not exist any more') } });
    await alice.closes();
  });

  it('tells the requester alone that the plan could not be made', async () => {
    const { alice, bob } = kit;
    const before = await kit.picture.reader.read();
    const missing = [...before.workloads.values()].map((one) => ({
      ...one,
      name: one.name.replace('nginx', 'missing'),
    }));
    kit.picture.set({ ...before, workloads: new Map(missing.map((one) => [one.uid, one])) });
    await alice.runsShortcut('Restart a workload');
    await alice.chooses('Workload', 'missing');
    await alice.submits();
    await kit.settled();
    kit.picture.set(before);
    expect(alice.directMessages().at(-1)?.text).toMatch(/no workload called missing.*Did you mean nginx/s);
    expect(bob.sees('ops').some(({ text }) => text.includes('missing'))).toBe(false);
  });

  it('does not open for guests, who are told why', async () => {
    await kit.greta.runsShortcut('Scale a workload');
    expect(kit.greta.modal()).toBeUndefined();
    await kit.slack.waitFor(() => kit.greta.directMessages().at(-1)?.text.includes('Guests'));
  });
});

describe('on a message', () => {
  it('fills in what an alert names, and posts into its thread', async () => {
    const { alice } = kit;
    const alert = await kit.bob.says(
      'alerts',
      'FIRING: KubePodCrashLooping prod/api-7d9f8-ccccc restarts every minute',
    );
    await alice.runsMessageShortcut('Restart a workload …', alert);
    expect(alice.modal()?.text).toContain('`api` in `prod`');
    await alice.submits();
    await kit.settled();
    expect(await newest()).toMatchObject({
      action: 'restart',
      input: { workload: { kind: 'Deployment', namespace: 'prod', name: 'api' } },
      origin: { channel: 'CALERTS', thread: alert.ts },
    });
    expect(alice.thread(alert).some(({ buttons }) => buttons.includes('Cancel'))).toBe(true);
  });

  it('takes the pod for its logs, and answers in the thread', async () => {
    const { alice } = kit;
    const alert = await kit.bob.says('alerts', 'api-7d9f8-ccccc is in CrashLoopBackOff');
    await alice.runsMessageShortcut('Read pod logs …', alert);
    expect((await alice.searches('Container', '')).options).toEqual(['app', 'sidecar']);
    await alice.submits();
    await kit.settled();
    const request = await newest();
    expect(request).toMatchObject({ action: 'logs', input: { pod: 'api-7d9f8-ccccc', namespace: 'prod' } });
    const reading = { headline: 'Logs of api-7d9f8-ccccc', body: 'panic: <!channel> no config', filename: 'api.log' };
    await kit.report(request.id, { type: 'read', reading });
    const answer = alice.thread(alert).at(-1);
    expect(answer?.text).toContain('panic');
    expect(kit.slack.broadcasts).toEqual([]);
  });

  it('goes to the requests channel where opsbot is not in this one', async () => {
    const { alice } = kit;
    const said = await kit.bob.says('random', 'nginx is slow');
    await alice.runsMessageShortcut('Restart a workload …', said);
    await alice.submits();
    await kit.settled();
    expect((await newest()).origin).toMatchObject({ channel: 'COPS', gesture: 'modal' });
  });
});

describe('without a requests channel', () => {
  it('asks where to post, and says how to invite opsbot where it is not', async () => {
    const bare = await startSlackKit();
    try {
      const { alice } = bare;
      await alice.runsShortcut('Restart a workload');
      expect(alice.modal()?.inputs).toContain('Where should the request be posted?');
      await alice.chooses('Workload', 'nginx');
      await alice.chooses('Where should the request be posted?', 'random');
      expect(await alice.submits()).toMatchObject({
        errors: { 'Where should the request be posted?': expect.stringContaining('/invite @opsbot') },
      });
      await alice.chooses('Where should the request be posted?', 'ops');
      expect(await alice.submits()).toMatchObject({ closed: true });
      await alice.waitsFor((m) => m.buttons.includes('Cancel'), { in: 'ops' });
      await bare.settled();
      expect(bare.slack.violations).toEqual([]);
    } finally {
      await bare.stop();
    }
  });
});
