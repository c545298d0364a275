import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../support/slack/clock.ts';
import { createLocalSlack, type LocalSlack } from '../../support/slack/local-slack.ts';
import { quiet, type RunningApp, startSocketApp } from './bolt-app.ts';
import { manifest } from './demo-app.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const block = (text: string) => ({ type: 'section' as const, text: plain(text) });
const modal = (title: string) => ({ type: 'modal' as const, title: plain(title), blocks: [block(title)] });
const home = (text: string) => ({ type: 'home' as const, blocks: [block(text)] });

let slack: LocalSlack;
let clock: ManualClock;
let client: WebClient;
let running: RunningApp;
let triggers: string[];
let respondUrls: string[];

const code = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (error: { data?: { error: string } }) => error.data?.error,
  );
const trigger = async () => {
  await slack.person('alice').runsShortcut('Scale a workload');
  return triggers.at(-1) ?? '';
};

beforeEach(async () => {
  clock = createManualClock();
  slack = await createLocalSlack({ clock, manifest });
  client = new WebClient(slack.botToken, { logger: quiet, slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
  triggers = [];
  respondUrls = [];
  running = await startSocketApp(slack, (app) => {
    app.shortcut('scale', async ({ ack, body }) => {
      triggers.push(body.trigger_id);
      await ack();
    });
    app.action('go', async ({ ack, body }) => {
      if (body.type === 'block_actions') respondUrls.push(body.response_url);
      await ack();
    });
  });
});
afterEach(async () => {
  await running.stop();
  await slack.close();
});

describe('triggers', () => {
  test('once, within three seconds, by the same app', async () => {
    const fresh = await trigger();
    const other = new WebClient(slack.otherBotToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
    expect(await code(other.views.open({ trigger_id: fresh, view: modal('Theirs') }))).toBe('invalid_trigger_id');
    expect(await code(client.views.open({ trigger_id: fresh, view: modal('One') }))).toBe('ok');
    expect(await code(client.views.open({ trigger_id: fresh, view: modal('Two') }))).toBe('exchanged_trigger_id');
    const old = await trigger();
    await clock.advance(3001);
    expect(await code(client.views.open({ trigger_id: old, view: modal('Late') }))).toBe('expired_trigger_id');
    expect(slack.person('alice').modal()?.title).toBe('One');
    expect(slack.person('bob').modal()).toBeUndefined();
  });

  test('three views on the stack, and closing shows the one below', async () => {
    await client.views.open({ trigger_id: await trigger(), view: modal('One') });
    await client.views.push({ trigger_id: await trigger(), view: modal('Two') });
    await client.views.push({ trigger_id: await trigger(), view: modal('Three') });
    expect(await code(client.views.push({ trigger_id: await trigger(), view: modal('Four') }))).toBe(
      'push_limit_reached',
    );
    const alice = slack.person('alice');
    expect(alice.modal()?.title).toBe('Three');
    await alice.closes();
    expect(alice.modal()?.title).toBe('Two');
  });
});

describe('hashes', () => {
  test('a stale one is refused, for modals and for Home', async () => {
    const { view } = await client.views.open({ trigger_id: await trigger(), view: modal('One') });
    const update = (hash: string | undefined) =>
      client.views.update({ view_id: view?.id ?? '', view: modal('Two'), ...(hash === undefined ? {} : { hash }) });
    expect(await code(update(view?.hash))).toBe('ok');
    expect(await code(update(view?.hash))).toBe('hash_conflict');
    await slack.person('alice').closes();
    expect(await code(update(undefined))).toBe('not_found');
    const first = await client.views.publish({ user_id: 'UALICE', view: home('one') });
    const hash = first.view?.hash ?? '';
    expect(await code(client.views.publish({ user_id: 'UALICE', view: home('two'), hash }))).toBe('ok');
    expect(await code(client.views.publish({ user_id: 'UALICE', view: home('three'), hash }))).toBe('hash_conflict');
    expect(slack.person('alice').home()?.text).toBe('two');
  });

  test('wrong views are refused with their reasons', async () => {
    const call = client.views.open({ trigger_id: await trigger(), view: modal('x'.repeat(25)) });
    await expect(call).rejects.toMatchObject({
      data: {
        error: 'invalid_arguments',
        response_metadata: { messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'] },
      },
    });
  });
});

describe('response_url', () => {
  const press = async () => {
    const go = { type: 'button' as const, action_id: 'go', text: plain('Go') };
    const posted = await client.chat.postMessage({
      channel: 'COPS',
      text: 'x',
      blocks: [{ type: 'actions', elements: [go] }],
    });
    await slack.person('alice').clicks('Go', { on: { channel: 'COPS', ts: posted.ts ?? '' } });
    return respondUrls.at(-1) ?? '';
  };
  const send = async (url: string, body: object) => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.text();
  };

  test('five uses', async () => {
    const url = await press();
    for (let count = 0; count < 5; count++) expect(await send(url, { text: `${count}` })).toBe('ok');
    expect(await send(url, { text: 'six' })).toBe('used_url');
    expect(
      slack
        .person('alice')
        .sees('ops')
        .filter(({ ephemeral }) => ephemeral),
    ).toHaveLength(5);
    expect(
      slack
        .person('bob')
        .sees('ops')
        .filter(({ ephemeral }) => ephemeral),
    ).toHaveLength(0);
  });

  test('thirty minutes', async () => {
    const url = await press();
    await clock.advance(30 * 60_000 + 1);
    expect(await send(url, { text: 'late' })).toBe('expired_url');
  });

  test('replaces, deletes, posts for all, and is held to the same limits', async () => {
    const url = await press();
    const alice = slack.person('alice');
    expect(await send(url, { replace_original: true, text: 'new', blocks: [] })).toBe('ok');
    expect(alice.sees('ops')).toMatchObject([{ text: 'new', buttons: [] }]);
    expect(await send(url, { response_type: 'in_channel', text: 'for all' })).toBe('ok');
    expect(slack.person('bob').sees('ops').at(-1)?.text).toBe('for all');
    expect(await send(url, { blocks: [{ type: 'nothing' }] })).toBe('invalid_blocks');
    expect(slack.violations.at(-1)).toMatchObject({ kind: 'response-url', error: 'invalid_blocks' });
    expect(await send(url, { delete_original: true })).toBe('ok');
    expect(alice.sees('ops').map(({ text }) => text)).toEqual(['for all']);
  });
});
