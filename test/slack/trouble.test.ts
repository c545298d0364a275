import { afterEach, describe, expect, it } from 'vitest';
import { InputError, UnavailableError } from '../../src/errors.ts';
import type { Requests } from '../../src/requests/requests.ts';
import { type SlackKitOptions, startSlackKit } from './slack-kit.ts';

type Kit = Awaited<ReturnType<typeof startSlackKit>>;
let running: Kit | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});
async function start(options: SlackKitOptions = {}): Promise<Kit> {
  running = await startSlackKit({ channels: { requests: 'COPS' }, ...options });
  return running;
}

const away = () =>
  Promise.reject(
    new UnavailableError('opsbot cannot reach its database (Redis).', { advice: 'Try again in a minute.' }),
  );

describe('when Redis is away', () => {
  const intercept = (requests: Requests): Requests => ({ ...requests, ask: away, approve: away, open: away });

  it('a mention, a slash command and a modal say so at once, and nothing is lost in silence', async () => {
    const kit = await start({ intercept });
    const { alice } = kit;
    await alice.mentions('ops', 'restart deployment nginx');
    await alice.waitsFor((m) => m.ephemeral && m.text.includes('cannot reach its database'));
    const slashed = await alice.slash('/opsbot', 'restart deployment nginx', 'ops');
    expect(slashed.acked).toBe(true);
    expect(alice.sees('ops').filter(({ text }) => text.includes('Try again in a minute'))).toHaveLength(2);
    await alice.runsShortcut('Restart a workload');
    await alice.chooses('Workload', 'nginx');
    expect(await alice.submits()).toMatchObject({ errors: { Reason: expect.stringContaining('database') } });
    expect(alice.modal()).toBeDefined();
    expect(kit.slack.violations).toEqual([]);
    expect(kit.log.some((line) => line.includes('cannot reach its database'))).toBe(true);
  });

  it('and the person cannot be told either, Slack delivers the event again and it is taken then', async () => {
    let isAway = true;
    const kit = await start({
      intercept: (requests) => ({ ...requests, ask: (ask) => (isAway ? away() : requests.ask(ask)) }),
      slack: { retryAfterMs: [300] },
    });
    kit.slack.fault({ kind: 'error500', method: 'chat.postEphemeral' });
    const said = await kit.alice.mentions('ops', 'restart deployment nginx');
    expect(said.delivered.some(({ acked }) => !acked)).toBe(true);
    isAway = false;
    await kit.bob.waitsFor((m) => m.thread === said.ts && m.buttons.includes('Approve'));
    await kit.settled();
  });
});

describe('a click that opsbot cannot take', () => {
  it('is not acked where the person cannot be told, so that Slack says that it went wrong', async () => {
    const kit = await start({ intercept: (requests) => ({ ...requests, approve: away }) });
    const said = await kit.alice.mentions('ops', 'restart deployment nginx');
    const card = await kit.bob.waitsFor((m) => m.thread === said.ts && m.buttons.includes('Approve'));
    await kit.settled();
    kit.slack.fault({ kind: 'lose-question', method: 'chat.postEphemeral' });
    expect(await kit.bob.clicks('Approve', { on: card })).toMatchObject({ acked: false });
    expect(await kit.bob.clicks('Approve', { on: card })).toMatchObject({ acked: true });
    await kit.bob.waitsFor((m) => m.ephemeral && m.text.includes('cannot reach its database'));
    expect(kit.slack.takeViolations()).toMatchObject([{ kind: 'no-ack' }]);
  });
});

describe('a reaction by an app', () => {
  it('is dealt with once, although nobody can be told why it does not count', async () => {
    const kit = await start({ slack: { retryAfterMs: [100, 100] } });
    const said = await kit.alice.mentions('ops', 'restart deployment nginx');
    const card = await kit.bob.waitsFor((m) => m.thread === said.ts && m.buttons.includes('Approve'));
    await kit.settled();
    const robot = kit.slack.addUser('UROBOT', 'robot', { is_bot: true });
    kit.slack.channel('ops').members.add(robot.id);
    const always = { kind: 'error', times: Number.POSITIVE_INFINITY } as const;
    kit.slack.fault({ ...always, method: 'chat.postEphemeral', error: 'user_not_in_channel' });
    kit.slack.fault({ ...always, method: 'conversations.open', error: 'cannot_dm_bot' });
    const delivered = await robot.reacts('white_check_mark', card);
    expect(delivered).toMatchObject([{ acked: true }]);
    expect(kit.slack.calls('conversations.open').length).toBeLessThanOrEqual(1);
    const [request] = await kit.store.loadAll(await kit.store.recentIds(1));
    expect(request).toMatchObject({ state: 'pending', votes: [] });
  });
});

describe('an answer that hangs', () => {
  it('is given up within the 3 s that Slack waits, and the person is told', async () => {
    const never = new Promise<never>(() => undefined);
    const kit = await start({ intercept: (requests) => ({ ...requests, ask: () => never }) });
    const [said, slashed] = await Promise.all([
      kit.alice.mentions('ops', 'restart deployment nginx'),
      kit.alice.slash('/opsbot', 'restart deployment nginx', 'ops'),
    ]);
    expect(said.delivered.every(({ acked, ms }) => acked && ms < 3000)).toBe(true);
    expect(slashed.ms).toBeLessThan(3000);
    expect(kit.alice.sees('ops').filter(({ text }) => text.includes('in time'))).toHaveLength(2);
  });
});

describe('a fault of opsbot itself', () => {
  it('shows nothing of its insides to the person, and all of it to the log', async () => {
    const broken = () => Promise.reject(new TypeError('xoxb-secret is not a function'));
    const kit = await start({ intercept: (requests) => ({ ...requests, ask: broken }) });
    await kit.alice.mentions('ops', 'restart deployment nginx');
    const told = await kit.alice.waitsFor((m) => m.ephemeral);
    expect(told.text).toContain('Something went wrong inside opsbot');
    expect(told.text).not.toContain('xoxb');
    expect(kit.log.some((line) => line.includes('is not a function'))).toBe(true);
  });
});

describe('when Slack does not say who somebody is', () => {
  it('nobody is let through', async () => {
    const kit = await start();
    kit.slack.fault({ kind: 'error500', method: 'users.info', times: 2 });
    await kit.alice.mentions('ops', 'restart deployment nginx');
    await kit.alice.waitsFor((m) => m.ephemeral && m.text.includes('Slack does not say'));
    expect(await kit.store.recentIds(10)).toEqual([]);
  });
});

describe('the start', () => {
  it('says which token Slack does not accept', async () => {
    const error = await start({ botToken: 'xoxb-wrong' }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain('SLACK_BOT_TOKEN (invalid_auth)');
    const other = await start({ appToken: 'xapp-wrong' }).catch((e: unknown) => e);
    expect((other as Error).message).toContain('SLACK_APP_TOKEN');
  });

  it('connects again although Slack never says where to, at first', async () => {
    const kit = await start();
    kit.slack.fault({ kind: 'hang', method: 'apps.connections.open', times: 2 });
    kit.slack.dropSockets();
    await kit.slack.waitFor(() => kit.slack.connections() === 0);
    await kit.slack.waitFor(() => kit.slack.connections() === 2, { timeoutMs: 30_000, what: 'two connections' });
    expect(kit.app.problem()).toBeUndefined();
  }, 40_000);

  it('opens two connections, goes on with one of them, and closes both at the end', async () => {
    const kit = await startSlackKit({ channels: { requests: 'COPS' } });
    expect(kit.slack.connections()).toBe(2);
    expect(kit.app.problem()).toBeUndefined();
    kit.slack.disconnectSockets('refresh_requested', 'one');
    await kit.slack.waitFor(() => kit.slack.connections() === 1);
    expect(kit.app.problem()).toBeUndefined();
    await kit.alice.mentions('ops', 'restart deployment nginx');
    await kit.bob.waitsFor((m) => m.buttons.includes('Approve'));
    await kit.settled();
    await kit.app.stop();
    await kit.slack.waitFor(() => kit.slack.connections() === 0);
    await kit.stop();
  });
});
