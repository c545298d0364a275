import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalSlack, type LocalSlack } from '../../support/slack/local-slack.ts';
import { type BoltApp, type RunningApp, startSocketApp } from '../../support-tests/slack/bolt-app.ts';
import { manifest, newSeen, prepareDemo } from '../../support-tests/slack/demo-app.ts';
import { type Traffic, watchTraffic } from './traffic.ts';
import type { TrafficEntry } from './wire.ts';

let slack: LocalSlack;
let traffic: Traffic;
let running: RunningApp | undefined;

beforeEach(async () => {
  slack = await createLocalSlack({ manifest });
  traffic = watchTraffic(slack);
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  traffic.stop();
  await slack.close();
});

async function start(prepare: (app: BoltApp) => void = prepareDemo(newSeen())): Promise<BoltApp> {
  running = await startSocketApp(slack, prepare);
  return running.app;
}

/** The newest entry of that name, once it is there. */
const entryOf = (name: string): Promise<TrafficEntry> =>
  slack.waitFor(() => traffic.latest().findLast((entry) => entry.name === name));

const whole = async (name: string) => traffic.detail((await entryOf(name)).id);

const responseUrl = (id: string) => slack.apiUrl.replace('/api/', `/response/${id}`);

async function postTo(url: string, body: unknown): Promise<void> {
  await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

describe('what goes over the wire', () => {
  it('is an envelope with its payload, and how long its ack took', async () => {
    await start();
    await slack.person('alice').slash('/opsbot', 'pods nginx', 'ops');
    const entry = await entryOf('/opsbot');
    expect(entry).toMatchObject({ kind: 'envelope', about: '@alice · #ops · pods nginx', error: undefined });
    expect(entry.ms).toBeLessThan(3_000);
    expect(Math.abs(Date.now() - entry.at)).toBeLessThan(10_000);
    expect(await whole('/opsbot')).toMatchObject({
      ...entry,
      sent: { command: '/opsbot', user_id: 'UALICE' },
      answer: { text: 'you said pods nginx' },
    });
  });

  it('is a call with its arguments unfolded, and Slack’s answer', async () => {
    await start();
    await slack.person('alice').mentions('ops', 'pods');
    expect(await whole('chat.postMessage')).toMatchObject({
      kind: 'api',
      about: '#ops · asked: @opsbot pods',
      error: undefined,
      sent: { channel: 'COPS', blocks: [{ type: 'section' }, { type: 'actions' }] },
      answer: { ok: true, channel: 'COPS' },
    });
  });

  it('is a call about a view', async () => {
    await start();
    await slack.person('alice').runsShortcut('Scale a workload');
    expect(await entryOf('views.open')).toMatchObject({ about: 'scale', error: undefined });
    expect(await entryOf('shortcut')).toMatchObject({ about: '@alice · scale' });
  });

  it('is an answer to a response_url', async () => {
    await start();
    await slack.person('alice').mentions('ops', 'pods');
    const bob = slack.person('bob');
    const on = await bob.waitsFor('asked:');
    await bob.clicks('Approve', { on });
    expect(await entryOf('response_url')).toMatchObject({ kind: 'response_url', about: 'thank you', error: undefined });
    expect(await entryOf('block_actions')).toMatchObject({ about: '@bob · #ops · Approve' });
  });

  it('is an upload with its file and size', async () => {
    const { client } = await start();
    await client.filesUploadV2({ channel_id: 'COPS', filename: 'web.log', content: 'x'.repeat(1_234) });
    expect(await entryOf('upload')).toMatchObject({ kind: 'upload', about: 'web.log · 1,234 bytes', error: undefined });
    expect(await entryOf('files.completeUploadExternal')).toMatchObject({ about: '#ops' });
  });
});

describe('what goes wrong', () => {
  it('is a call that Slack refuses', async () => {
    const { client } = await start();
    await client.chat.postMessage({ channel: 'CNONE', text: 'x' }).catch(() => undefined);
    expect(await whole('chat.postMessage')).toMatchObject({
      about: 'CNONE · x',
      error: 'channel_not_found',
      answer: { ok: false },
    });
  });

  it.each([
    [{ kind: 'ratelimited', retryAfter: 1 }, 'ratelimited'],
    [{ kind: 'error500' }, 'error500'],
    [{ kind: 'error', error: 'fatal_error' }, 'fatal_error'],
    [{ kind: 'lose-answer' }, 'lose-answer'],
  ] as const)('is a fault of the wire: %o', async (fault, error) => {
    slack.fault({ ...fault, method: 'auth.test' });
    await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' }).catch(() => undefined);
    expect(await entryOf('auth.test')).toMatchObject({ error });
  });

  it('is an answer to a response_url that does not exist', async () => {
    await postTo(responseUrl('none'), { text: 'x' });
    expect(await entryOf('response_url')).toMatchObject({ error: 'no_service' });
  });

  it('is an answer to a response_url that gets lost', async () => {
    slack.fault({ kind: 'error500', method: 'response_url' });
    await postTo(responseUrl('none'), { text: 'x' });
    expect(await entryOf('response_url')).toMatchObject({ error: 'Internal Server Error' });
  });

  it('is an envelope that nobody takes', async () => {
    await slack.person('alice').slash('/opsbot', 'pods', 'ops');
    expect(await entryOf('/opsbot')).toMatchObject({ kind: 'envelope', ms: 0, error: 'dispatch_failed' });
  });

  it('is an ack with something in it that Slack does not take', async () => {
    await start((app) => {
      app.view('scale', ({ ack }) => ack({ response_action: 'errors', errors: { nowhere: 'at most 100' } }));
      app.shortcut('scale', async ({ ack, body, client }) => {
        await ack();
        const view = { type: 'modal' as const, callback_id: 'scale', title: plain('Scale'), submit: plain('Go') };
        await client.views.open({ trigger_id: body.trigger_id, view: { ...view, blocks: [] } });
      });
    });
    const alice = slack.person('alice');
    await alice.runsShortcut('Scale a workload');
    await entryOf('views.open');
    await alice.submits();
    const refused = await slack.waitFor(() => traffic.latest().findLast(({ error }) => error !== undefined));
    expect(refused).toMatchObject({ kind: 'envelope', name: 'view_submission', error: 'invalid_response_action' });
    expect(refused.about).toMatch(/^Slack would not take the answer: .*nowhere/);
    expect(traffic.detail(refused.id)?.answer).toMatchObject({ errors: { nowhere: 'at most 100' } });
  });
});

const plain = (text: string) => ({ type: 'plain_text' as const, text });

describe('the record', () => {
  const write = (name: string) =>
    slack.events.emit('journal', { at: 1, kind: 'api', name, args: {}, answer: { ok: true }, ms: 1 });

  it('tells of each entry when it comes, until nobody listens', () => {
    const told: string[] = [];
    const unsubscribe = traffic.onEntry(({ name }) => told.push(name));
    write('one');
    write('two');
    unsubscribe();
    write('three');
    expect(told).toEqual(['one', 'two']);
  });

  it('gives out the latest 300, oldest first, and keeps 2,000', () => {
    for (let number = 1; number <= 2_001; number += 1) write(`call ${number}`);
    const latest = traffic.latest();
    expect(latest).toHaveLength(300);
    expect([latest[0]?.name, latest.at(-1)?.name]).toEqual(['call 1702', 'call 2001']);
    expect([1, 2, 2_001].map((id) => traffic.detail(id)?.name)).toEqual([undefined, 'call 2', 'call 2001']);
  });

  it('knows nothing of what comes after its end', () => {
    write('one');
    traffic.stop();
    write('two');
    expect(traffic.latest().map(({ name }) => name)).toEqual(['one']);
  });
});
