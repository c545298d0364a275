import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Request } from '../../src/requests/request.ts';
import { RateLimited } from '../../src/requests/requests.ts';
import { createHomeRefresher } from '../../src/slack/home-refresher.ts';
import { workloadOf } from '../kubernetes/snapshot-of.ts';
import { kitOfFile } from './slack-kit.ts';

const kit = await kitOfFile({ channels: { requests: 'COPS' } });

const newest = async () => (await kit.store.loadAll(await kit.store.recentIds(1)))[0] as Request;

describe('Home', () => {
  it('shows the cluster as soon as it is opened', async () => {
    await kit.alice.opensHome();
    const home = kit.alice.home();
    expect(home?.text).toContain('demo');
    expect(home?.text).toContain('api');
    expect(home?.buttons).toEqual(expect.arrayContaining(['Scale a workload', 'Refresh', 'Restart', 'Scale']));
  });

  it('remembers the namespace filter', async () => {
    const { alice } = kit;
    await kit.opensHome(alice);
    expect((await alice.searches('Type to search', 'def', { on: 'home' })).options).toEqual([
      'default',
      'All namespaces',
    ]);
    expect((await alice.searches('Type to search', '', { on: 'home' })).options[0]).toBe('All namespaces');
    await alice.chooses('Type to search', 'default', { on: 'home' });
    await kit.slack.waitFor(() => !alice.home()?.text.includes('`api`'));
    await kit.opensHome(alice);
    expect(alice.home()?.text).not.toContain('`api`');
    await alice.chooses('Type to search', 'All namespaces', { on: 'home', typing: 'all' });
    await kit.slack.waitFor(() => alice.home()?.text.includes('`api`'));
  });

  it('opens the modal filled in from a row, and the answer to a read is a direct message', async () => {
    const { alice } = kit;
    await kit.opensHome(alice);
    await alice.clicks('Show logs', { on: 'home' });
    expect(alice.modal()?.title).toBe('Read pod logs');
    await alice.submits();
    await kit.settled();
    const request = await newest();
    expect(request.input).toMatchObject({ pod: 'api-7d9f8-ccccc', namespace: 'prod' });
    const reading = { headline: 'Logs', body: 'panic: no config', filename: 'api.log' };
    await kit.report(request.id, { type: 'read', reading });
    expect(alice.directMessages().at(-1)?.text).toContain('panic: no config');
  });

  it('lists what waits for one’s vote, takes the vote, and follows', async () => {
    const { alice, bob } = kit;
    await kit.opensHome(bob);
    await kit.opensHome(alice);
    await alice.mentions('ops', 'scale deployment home-vote 5');
    await kit.slack.waitFor(() => bob.home()?.text.includes('Waiting for you'));
    expect(alice.home()?.text).not.toContain('Waiting for you');
    await bob.clicks('Approve', { on: 'home' });
    await kit.settled();
    expect((await newest()).state).toBe('executing');
    await kit.slack.waitFor(() => !bob.home()?.text.includes('Waiting for you'));
  });

  it('refreshes when the cluster has changed, and only then', async () => {
    const { alice } = kit;
    await kit.opensHome(alice);
    const before = await kit.picture.reader.read();
    const published = () => kit.slack.calls('views.publish').length;
    const soFar = published();
    const broken = workloadOf('web', {
      namespace: 'default',
      ready: 0,
      available: 0,
      problem: 'ProgressDeadlineExceeded',
    });
    kit.picture.set({ ...before, version: 2, workloads: new Map([...before.workloads, [broken.uid, broken]]) });
    await kit.slack.waitFor(() => alice.home()?.text.includes('`web`'));
    expect(published()).toBeGreaterThan(soFar);
    kit.picture.set(before);
    await kit.slack.waitFor(() => !alice.home()?.text.includes('`web`'));
  });

  it('is published after it was opened, whatever happens to the first try', async () => {
    const { alice } = kit;
    for (const kind of ['lose-answer', 'lose-question', 'error500'] as const) {
      await kit.opensHome(alice);
      const soFar = kit.slack.calls('views.publish').length;
      kit.slack.fault({ kind, method: 'views.publish' });
      await alice.opensHome();
      await kit.slack.waitFor(() => kit.slack.calls('views.publish').length > soFar + (kind === 'lose-answer' ? 1 : 0));
      await kit.settled();
    }
  });

  it('is published once more where two do so at the same time: nobody knows which picture came last', async () => {
    const { alice, app, visitors } = kit;
    await kit.opensHome(alice);
    await visitors.forgetShown('UALICE');
    const published = () => kit.slack.calls('views.publish').length;
    const soFar = published();
    const openedElsewhere = (entry: { name: string }) => {
      if (entry.name === 'views.publish') void visitors.opened('UALICE');
    };
    kit.slack.events.on('journal', openedElsewhere);
    await expect(app.publishHome('UALICE')).rejects.toThrow(RateLimited);
    kit.slack.events.off('journal', openedElsewhere);
    await app.publishHome('UALICE');
    await app.publishHome('UALICE');
    expect(published()).toBe(soFar + 2);
  });

  it('says what is wrong where there is no picture of the cluster', async () => {
    const before = await kit.picture.reader.read();
    kit.picture.set(undefined);
    await kit.opensHome(kit.carol);
    kit.picture.set(before);
    expect(kit.carol.home()?.text).toContain('No agent has looked at the cluster yet.');
  });

  it('shows a guest nothing of the cluster', async () => {
    await kit.opensHome(kit.greta);
    expect(kit.greta.home()?.text).toContain('Guests');
    expect(kit.greta.home()?.text).not.toMatch(/api|Nothing has happened|asked for nothing/);
  });
});

describe('the refresher', () => {
  it('gathers changes into one round, and starts again for what changed during one', async () => {
    const rounds: string[][] = [];
    let listener: () => void = () => undefined;
    const refresher = createHomeRefresher({
      visitors: { recent: async () => ['UALICE', 'UBOB'] },
      async show(user) {
        if (user === 'UALICE') rounds.push([]);
        rounds.at(-1)?.push(user);
        if (rounds.length === 1) for (let i = 0; i < 100; i += 1) listener();
        if (rounds.length === 2 && user === 'UBOB') done();
      },
      onChange(call) {
        listener = call;
        return () => undefined;
      },
      log: pino({ level: 'silent' }),
      everyMs: 1,
    });
    let done: () => void = () => undefined;
    const twice = new Promise<void>((resolve) => {
      done = resolve;
    });
    listener();
    await twice;
    await refresher.stop();
    expect(rounds).toEqual([
      ['UALICE', 'UBOB'],
      ['UALICE', 'UBOB'],
    ]);
    listener();
    expect(rounds).toHaveLength(2);
  });
});
