import { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import type { Request } from '../../src/requests/request.ts';
import type { Person } from '../support/slack/people/person.ts';
import type { MessageRef } from '../support/slack/types.ts';
import { kitOfFile, startSlackKit } from './slack-kit.ts';

/** #alerts and #secret are set up by being named elsewhere; #shared and #random are not. */
const kit = await kitOfFile({ channels: { allowed: ['COPS'], alerts: 'CALERTS' }, audit: { channel: 'GSECRET' } });
const { alice, bob } = kit;

const requests = async () => kit.store.loadAll(await kit.store.recentIds(20));
const NOT_HERE = 'opsbot is not set up for this channel.';
const WHERE = 'Ask in <#COPS>, <#CALERTS>, or <#GSECRET>, or write to opsbot directly.';

/** What is said to somebody alone, from now on, in a channel or directly. */
async function told(person: Person, gesture: () => Promise<unknown>): Promise<string> {
  const seen = () =>
    [...person.sees('shared'), ...person.directMessages()].filter(
      ({ by, text }) => by === 'UOPSBOT' && text.includes(NOT_HERE),
    );
  const before = seen().length;
  await gesture();
  return (await kit.slack.waitFor(() => seen()[before], { what: 'a word to them alone' })).text;
}

/** A request of the days when #shared was set up still, shown there. */
async function leftOver(): Promise<{ id: string; card: MessageRef }> {
  const { ts } = await alice.mentions('ops', 'scale api 6 -n prod');
  await bob.waitsFor((m) => m.thread === ts && m.buttons.includes('Approve'));
  await kit.settled();
  const { id } = (await requests())[0] as Request;
  const shown = kit.slack.calls('chat.postMessage').at(-1)?.args;
  const client = new WebClient(kit.slack.botToken, { slackApiUrl: kit.slack.apiUrl });
  const posted = await client.chat.postMessage({
    ...(shown as { text: string }),
    channel: 'CSHARED',
    thread_ts: undefined,
  });
  const card = { channel: 'CSHARED', ts: String(posted.ts) };
  const surface = await kit.surfaces.get(id);
  if (!surface) throw new Error('the request has no surface');
  await kit.surfaces.put(id, {
    ...surface,
    channel: card.channel,
    thread: card.ts,
    cards: [{ revision: 1, ts: card.ts, shown: surface.cards[0]?.shown }],
  });
  return { id, card };
}

describe('in a channel that opsbot is not set up for', () => {
  it('whoever asks in any way is told so, and where it is', async () => {
    const text = await told(alice, () => alice.mentions('shared', 'restart nginx'));
    expect(text).toContain(WHERE);
    await told(alice, () => alice.mentions('shared', 'help'));
    const slashed = await alice.slash('/opsbot', 'pods default', 'random');
    expect(slashed.answer?.text).toContain(NOT_HERE);
    expect(slashed.answer?.text).toContain(WHERE);
    const alert = await bob.says('shared', 'nginx is slow');
    await told(alice, () => alice.runsMessageShortcut('Scale a workload …', alert));
    expect(alice.modal()).toBeUndefined();
    expect(await requests()).toEqual([]);
  });

  it('a guest and a stranger do not learn where it is', async () => {
    const stella = kit.slack.person('stella');
    for (const person of [kit.greta, stella]) {
      const text = await told(person, () => person.mentions('shared', 'help'));
      expect(text).not.toContain('Ask in');
    }
  });

  it('talk stays unanswered', async () => {
    const calls = kit.slack.journal.length;
    const said = await bob.says('shared', 'approve');
    await bob.says('shared', 'confirm', { thread: said });
    await bob.reacts('white_check_mark', said);
    await kit.settled();
    const answers = kit.slack.journal.slice(calls).filter(({ name }) => name.startsWith('chat.'));
    expect(answers).toEqual([]);
  });

  it('no vote counts for what it shows from earlier days, however it is cast; where opsbot is set up it does', async () => {
    const { id, card } = await leftOver();
    await told(bob, () => bob.clicks('Approve', { on: card }));
    await told(bob, () => bob.reacts('white_check_mark', card));
    await told(bob, () => bob.says('shared', 'approve', { thread: card }));
    expect((await kit.store.load(id))?.votes).toEqual([]);
    await bob.mentions('ops', `approve ${id}`);
    await kit.settled();
    expect((await kit.store.load(id))?.votes).toMatchObject([{ user: 'UBOB' }]);
  });

  it('a dialog that was opened for it in earlier days posts nothing there', async () => {
    const before = (await requests()).length;
    await alice.runsShortcut('Restart a workload');
    await alice.chooses('Workload', 'nginx');
    await alice.chooses('Where should the request be posted?', '#ops');
    const view = alice.modal()?.view;
    if (!view) throw new Error('no dialog is open');
    const metadata = JSON.parse(String(view.private_metadata));
    view.private_metadata = JSON.stringify({ ...metadata, context: { ...metadata.context, channel: 'CSHARED' } });
    expect(await alice.submits()).toMatchObject({ errors: { 'Where should the request be posted?': NOT_HERE } });
    await alice.closes();
    expect(await requests()).toHaveLength(before);
  });
});

describe('a modal that asks where', () => {
  it('offers the channels that opsbot is set up for and in, private ones to those who are in them', async () => {
    await alice.runsShortcut('Restart a workload');
    const where = 'Where should the request be posted?';
    expect((await alice.searches(where, '')).options.toSorted()).toEqual(['#alerts', '#ops', '#secret']);
    expect((await alice.searches(where, '#op')).options).toEqual(['#ops']);
    await alice.chooses(where, '#ops');
    await alice.chooses('Workload', 'nginx');
    expect(await alice.submits()).toMatchObject({ closed: true });
    await bob.waitsFor((m) => m.buttons.includes('Approve') && m.text.includes('nginx'), { in: 'ops' });
    await kit.carol.runsShortcut('Restart a workload');
    expect((await kit.carol.searches(where, '')).options.toSorted()).toEqual(['#alerts', '#ops']);
    await kit.carol.closes();
  });

  it('offers the others where Slack does not tell about one of them just now', async () => {
    kit.clock.offset += 60 * 60_000;
    await alice.runsShortcut('Restart a workload');
    kit.slack.fault({ method: 'conversations.info', kind: 'ratelimited', retryAfter: 30 });
    expect((await alice.searches('Where should the request be posted?', '')).options).toHaveLength(2);
    await alice.closes();
  });
});

describe('the workspace', () => {
  it('has to be one that opsbot may serve, else it does not start and says whose the token is', async () => {
    const start = startSlackKit({ workspaces: ['T0123456789'] });
    await expect(start).rejects.toThrow(
      /^SLACK_BOT_TOKEN is of the workspace T0LOCAL \(Local\), and workspaces allows T0123456789 only\.$/,
    );
    const listed = await startSlackKit({ workspaces: ['T0123456789', 'T0LOCAL'] });
    await listed.stop();
  });
});
