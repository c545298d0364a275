import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLocalSlack, type LocalSlack } from '../../support/slack/local-slack.ts';
import { type RunningApp, startHttpApp, startSocketApp } from './bolt-app.ts';
import { manifest, newSeen, prepareDemo, type Seen } from './demo-app.ts';

describe.each([
  ['Socket Mode', startSocketApp],
  ['signed HTTP', startHttpApp],
])('a real Bolt app over %s', (_name, start) => {
  let slack: LocalSlack;
  let running: RunningApp;
  let seen: Seen;

  beforeEach(async () => {
    slack = await createLocalSlack({ manifest });
    seen = newSeen();
    running = await start(slack, prepareDemo(seen));
  });
  afterEach(async () => {
    await running.stop();
    await slack.close();
  });

  test('mention, reply, button, update', async () => {
    const alice = slack.person('alice');
    const bob = slack.person('bob');
    const asked = await alice.mentions('ops', 'scale nginx 3');
    expect(asked.delivered.map(({ acked }) => acked)).toEqual([true, true]);
    const request = await bob.waitsFor('asked: @opsbot scale nginx 3', { in: 'ops' });
    expect(request).toMatchObject({ buttons: ['Approve', 'Reject'], thread: asked.ts, by: 'UOPSBOT' });
    const click = await bob.clicks('Approve', { on: request });
    expect(click).toMatchObject({ sent: true, acked: true });
    await slack.waitFor(() => bob.thread(asked).some(({ text }) => text === 'approved'));
    expect(bob.thread(asked).find(({ ts }) => ts === request.ts)?.buttons).toEqual([]);
    const thanks = await bob.waitsFor('thank you');
    expect(thanks.ephemeral).toBe(true);
    expect(alice.sees('ops').some(({ text }) => text === 'thank you')).toBe(false);
    expect(slack.violations).toEqual([]);
  });

  test('a declined confirm dialog sends nothing, an accepted one is recorded', async () => {
    const alice = slack.person('alice');
    await alice.mentions('ops', 'hello');
    const request = await alice.waitsFor('asked:');
    expect(await alice.clicks('Reject', { on: request, confirm: false })).toMatchObject({ sent: false });
    expect(await alice.clicks('Reject', { on: request })).toMatchObject({
      acked: true,
      confirm: 'Nobody can vote on it again.',
    });
    await expect(alice.clicks('Explode', { on: request })).rejects.toThrow(/no button "Explode".*"Approve", "Reject"/);
  });

  test('shortcut, external select, dispatch, errors, submit', async () => {
    const alice = slack.person('alice');
    await alice.runsShortcut('Scale a workload');
    await slack.waitFor(() => alice.modal());
    expect(alice.modal()).toMatchObject({
      title: 'Scale a workload',
      inputs: ['Workload', 'Replicas', 'Reason'],
      submit: 'Scale',
    });
    expect((await alice.searches('Workload', 'ngi')).options).toEqual(['nginx', 'nginx-canary']);
    expect(await alice.submits()).toMatchObject({
      errors: { Workload: 'Please complete this required field.', Replicas: 'Please complete this required field.' },
    });
    expect(await alice.chooses('Workload', 'nginx')).toMatchObject({ sent: true, acked: true });
    await slack.waitFor(() => alice.modal()?.text.includes('nginx runs 3 of 3'));
    await alice.fills('Replicas', '2.5');
    expect(await alice.submits()).toMatchObject({ errors: { Replicas: 'Please enter a whole number.' } });
    await alice.fills('Replicas', '1000');
    expect(await alice.submits()).toMatchObject({ errors: { Replicas: 'at most 100' } });
    await alice.fills('Replicas', '5');
    expect(await alice.submits()).toMatchObject({ closed: true });
    expect(alice.modal()).toBeUndefined();
    expect(seen.submitted).toEqual([
      {
        workload: {
          workload: {
            type: 'external_select',
            selected_option: { text: { type: 'plain_text', text: 'nginx' }, value: 'uid-nginx' },
          },
        },
        replicas: { replicas: { type: 'number_input', value: '5' } },
        reason: { reason: { type: 'plain_text_input', value: null } },
      },
    ]);
    expect(slack.violations).toEqual([]);
  });

  test('an external select by its ids takes what it has just shown', async () => {
    const alice = slack.person('alice');
    await alice.runsShortcut('Scale a workload');
    await slack.waitFor(() => alice.modal());
    const workload = alice.at({ block: 'workload', action: 'workload' });
    const shown = await workload.search('ngi');
    expect(shown.map(({ value }) => value)).toEqual(['uid-nginx', 'uid-nginx-canary']);
    await workload.enter('uid-nginx');
    await slack.waitFor(() => alice.modal()?.text.includes('nginx runs 3 of 3'));
    await alice.fills('Replicas', '5');
    expect(await alice.submits()).toMatchObject({ closed: true });
    expect(seen.submitted).toMatchObject([{ workload: { workload: { selected_option: { value: 'uid-nginx' } } } }]);
    expect(slack.violations).toEqual([]);
  });

  test('message shortcut, and closing tells the app that asked for it', async () => {
    const alice = slack.person('alice');
    const said = await alice.says('ops', 'nginx is slow');
    await alice.runsMessageShortcut('Scale this', said);
    await slack.waitFor(() => alice.modal());
    expect(await alice.closes()).toMatchObject({ sent: true, acked: true });
    expect(seen.closed).toBe(1);
    expect(alice.modal()).toBeUndefined();
  });

  test('slash command, Home, direct message, reaction', async () => {
    const alice = slack.person('alice');
    const slashed = await alice.slash('/opsbot', 'help', 'ops');
    expect(slashed.answer).toMatchObject({ text: 'you said help', ephemeral: true });
    expect(alice.sees('ops')).toHaveLength(1);
    for (const message of alice.sees('ops')) alice.dismisses(message);
    expect(alice.sees('ops')).toEqual([]);
    await alice.opensHome();
    await slack.waitFor(() => alice.home()?.text === 'All is well');
    const hello = await alice.dm('hello');
    expect(seen.events).toEqual(['message']);
    await alice.reacts('white_check_mark', hello);
    expect(seen.events).toEqual(['message', 'reaction white_check_mark']);
    expect(slack.violations).toEqual([]);
  });

  test('filesUploadV2 into a thread', async () => {
    const alice = slack.person('alice');
    const said = await alice.says('ops', 'logs please');
    const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
    const content = 'line\n'.repeat(3000);
    await client.filesUploadV2({
      channel_id: 'COPS',
      thread_ts: said.ts,
      filename: 'api.log',
      content,
      initial_comment: 'the log',
    });
    const shared = await alice.waitsFor('[file: api.log]');
    expect(shared).toMatchObject({ thread: said.ts, text: 'the log\n[file: api.log]' });
    expect(shared.files).toEqual([{ name: 'api.log', content }]);
  });

  test('fifty people click twice at the same moment', async () => {
    const people = Array.from({ length: 50 }, (_, index) => slack.addUser(`UP${index}`, `p${index}`));
    for (const { id } of people) slack.channel('ops').members.add(id);
    const asked = await slack.person('alice').mentions('ops', 'scale nginx 3');
    const request = await slack.person('alice').waitsFor('asked:');
    const buttons = people.map((person) => person.finds('Approve', { on: request }));
    const clicks = await Promise.all(buttons.flatMap((button) => [button.click(), button.click()]));
    expect(clicks.every(({ acked }) => acked)).toBe(true);
    expect(seen.approvals).toHaveLength(100);
    expect(new Set(seen.approvals).size).toBe(50);
    await slack.waitFor(() => slack.person('alice').thread(asked).at(-1)?.buttons.length === 0);
  });
});
