import { type ChatPostMessageResponse, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { validateAttachments } from '../../support/slack/block-kit.ts';
import { createLocalSlack, type LocalSlack } from '../../support/slack/local-slack.ts';
import type { Person } from '../../support/slack/people/person.ts';
import { quiet, type RunningApp, startSocketApp } from './bolt-app.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } });
const option = (text: string) => ({ text: plain(text), value: text });
const controls = {
  type: 'actions' as const,
  block_id: 'controls',
  elements: [
    { type: 'button' as const, action_id: 'mine', text: plain('I’m on it'), value: 'i-1' },
    {
      type: 'static_select' as const,
      action_id: 'silence',
      placeholder: plain('Silence…'),
      options: [option('1 hour'), option('8 hours')],
    },
  ],
};
const incident = {
  text: 'nginx is crashing',
  attachments: [{ color: '#E01E5A', fallback: 'crash', blocks: [section('3 pods of <@UBOB>'), controls] }],
};

let slack: LocalSlack;
let client: WebClient;
let alice: Person;

beforeEach(async () => {
  slack = await createLocalSlack();
  client = new WebClient(slack.botToken, { logger: quiet, slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
  alice = slack.person('alice');
});
afterEach(() => slack.close());

const post = async (args: object = incident): Promise<string> => {
  const answer: ChatPostMessageResponse = await client.apiCall('chat.postMessage', { channel: 'COPS', ...args });
  return answer.ts ?? '';
};
const update = (ts: string, args: object) => client.apiCall('chat.update', { channel: 'COPS', ts, ...args });
const code = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => Promise.reject(new Error('Slack would have refused this')),
    (error: { data: { error: string } }) => error.data.error,
  );
const seen = () => alice.sees('ops').at(-1);

describe('what may be posted', () => {
  test.each([
    [{ color: 'good', blocks: [section('x')] }, []],
    [{ color: '36a64f', text: 'the older form', fields: [{ title: 'Pods', value: '3', short: true }] }, []],
    [{ fallback: 'x' }, []],
    [{ color: 'red', blocks: [] }, ['must be a valid color [json-pointer:/attachments/0/color]']],
    [{ colour: 'good', blocks: [] }, ['invalid additional property: colour [json-pointer:/attachments/0]']],
    [{ blocks: [], text: 'x' }, ['invalid additional property: text [json-pointer:/attachments/0]']],
    [{ color: 'good' }, ['must define either `text` or `fallback` [json-pointer:/attachments/0]']],
    [{ blocks: 'x' }, ['must provide an array [json-pointer:/attachments/0/blocks]']],
    [
      { blocks: [{ type: 'header', text: plain('x'.repeat(151)) }] },
      ['must be less than 151 characters [json-pointer:/attachments/0/blocks/0/text/text]'],
    ],
    [
      { blocks: Array(51).fill({ type: 'divider' }) },
      ['no more than 50 items allowed [json-pointer:/attachments/0/blocks]'],
    ],
    ['x', ['must provide an object [json-pointer:/attachments/0]']],
  ])('%j', (attachment, reasons) => {
    expect(validateAttachments([attachment])).toEqual(reasons);
  });

  test('a refusal gives the reasons', async () => {
    expect(await code(post({ attachments: [{ color: 'red', blocks: [section('x')] }] }))).toBe('invalid_attachments');
    expect(slack.takeViolations()).toMatchObject([
      { error: 'invalid_attachments', reasons: ['must be a valid color [json-pointer:/attachments/0/color]'] },
    ]);
    expect(await code(post({ attachments: 'not json' }))).toBe('invalid_attachments');
  });

  test('their text counts with the blocks’, also with those that an update leaves', async () => {
    const most = (count: number) => Array.from({ length: count }, () => section('x'.repeat(2900)));
    expect(await code(post({ blocks: most(2), attachments: [{ blocks: most(3) }] }))).toBe('msg_blocks_too_long');
    const ts = await post({ attachments: [{ blocks: most(3) }] });
    expect(await code(update(ts, { blocks: most(2) }))).toBe('msg_blocks_too_long');
    await update(ts, { blocks: most(2), attachments: [] });
  });
});

describe('what people see', () => {
  test('the text, then the blocks beside the bar, with buttons and selects', async () => {
    await post();
    expect(seen()).toMatchObject({
      text: 'nginx is crashing\n3 pods of @bob\nI’m on it',
      buttons: ['I’m on it'],
      inputs: ['Silence…'],
      color: '#e01e5a',
    });
    await post({ attachments: [{ color: 'good', text: 'the older form' }] });
    expect(seen()).toMatchObject({ text: 'the older form', color: '#2eb886' });
    await post({ text: 'plain' });
    expect(seen()).toMatchObject({ color: undefined, inputs: [] });
  });

  test('a call to everybody is noticed, also in an edit', async () => {
    const loud = { attachments: [{ blocks: [section('log: <!channel>')] }] };
    const ts = await post(incident);
    expect(slack.broadcasts).toEqual([]);
    await post(loud);
    await update(ts, loud);
    expect(slack.broadcasts).toHaveLength(2);
  });
});

describe('an update', () => {
  test('keeps attachments that it does not name, replaces those it names, and removes them for an empty list', async () => {
    const ts = await post();
    await update(ts, { text: 'nginx crashed' });
    expect(seen()).toMatchObject({ text: expect.stringMatching(/^nginx crashed\n3 pods/), color: '#e01e5a' });
    await update(ts, { blocks: [section('in blocks')] });
    expect(seen()).toMatchObject({ text: expect.stringMatching(/^in blocks\n3 pods/), buttons: ['I’m on it'] });
    await update(ts, { text: 'over', attachments: [{ color: '#2EB67D', blocks: [section('after 4 min')] }] });
    expect(seen()).toMatchObject({ text: 'over\nafter 4 min', color: '#2eb67d', buttons: [], inputs: [] });
    await update(ts, { attachments: [] });
    expect(seen()).toMatchObject({ text: 'over', color: undefined });
    expect(await code(update(ts, { text: '' }))).toBe('no_text');
  });

  test('history has them as Slack keeps them, and metadata only where it is asked for', async () => {
    const metadata = { event_type: 'incident', event_payload: { id: 'i-1' } };
    const ts = await post({ ...incident, metadata });
    await update(ts, { attachments: incident.attachments });
    const stored = { id: 1, color: 'e01e5a', fallback: 'crash', blocks: [{ block_id: expect.any(String) }, controls] };
    const history = (await client.conversations.history({ channel: 'COPS', include_all_metadata: true })).messages;
    expect(history).toMatchObject([{ text: incident.text, attachments: [stored], metadata }]);
    const thread = { channel: 'COPS', ts };
    const [root] = (await client.conversations.replies({ ...thread, include_all_metadata: true })).messages ?? [];
    expect(root).toMatchObject({ attachments: [stored], metadata });
    const [bare] = (await client.conversations.replies(thread)).messages ?? [];
    expect(bare).toMatchObject({ attachments: [stored] });
    expect(bare).not.toHaveProperty('metadata');
  });
});

describe('what people do', () => {
  let running: RunningApp;
  let bodies: unknown[];
  beforeEach(async () => {
    bodies = [];
    running = await startSocketApp(slack, (app) => {
      app.action(/mine|silence/, async ({ ack, body }) => {
        bodies.push(body);
        await ack();
      });
    });
  });
  afterEach(() => running.stop());

  test('a button and a select tell the app in which attachment they are', async () => {
    const ts = await post({ text: 'first', attachments: [{ text: 'older' }, ...incident.attachments] });
    await slack.person('bob').says('ops', 'looking', { thread: { channel: 'COPS', ts } });
    const on = { channel: 'COPS', ts };
    expect(await alice.clicks('I’m on it', { on })).toMatchObject({ acked: true });
    expect(await alice.chooses('Silence…', '8 hours', { on })).toMatchObject({ acked: true });
    const container = {
      type: 'message_attachment',
      attachment_id: 2,
      message_ts: ts,
      thread_ts: ts,
      channel_id: 'COPS',
      is_ephemeral: false,
      is_app_unfurl: false,
    };
    const message = { ts, text: 'first', attachments: [{ id: 1 }, { id: 2, blocks: [{ type: 'section' }, controls] }] };
    const common = { container, message, channel: { id: 'COPS', name: 'ops' }, response_url: expect.any(String) };
    const chosen = (selected_option: unknown) => ({
      values: { controls: { silence: { type: 'static_select', selected_option } } },
    });
    expect(bodies).toMatchObject([
      { ...common, actions: [{ action_id: 'mine', block_id: 'controls', value: 'i-1' }], state: chosen(null) },
      {
        ...common,
        actions: [{ action_id: 'silence', selected_option: option('8 hours') }],
        state: chosen(option('8 hours')),
      },
    ]);
  });

  test('a button of the message’s own blocks is in no attachment', async () => {
    const own = { ...controls, block_id: 'own', elements: controls.elements.slice(0, 1) };
    await post({ blocks: [own], attachments: [{ blocks: [section('x')] }] });
    await alice.clicks('I’m on it');
    expect(bodies).toMatchObject([{ container: { type: 'message' } }]);
    expect(bodies[0]).not.toHaveProperty('container.attachment_id');
  });

  test('a button pressed after an edit took it away comes from where it was', async () => {
    const ts = await post();
    const button = alice.finds('I’m on it');
    await update(ts, { text: 'over', attachments: [] });
    await button.click();
    expect(bodies).toMatchObject([{ container: { attachment_id: 1, message_ts: ts }, message: { text: 'over' } }]);
    await expect(alice.clicks('I’m on it')).rejects.toThrow('alice sees no button');
  });
});
