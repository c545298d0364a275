import { type ErrorCode, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../support/slack/clock.ts';
import { createLocalSlack, type LocalSlack } from '../../support/slack/local-slack.ts';
import { quiet } from './bolt-app.ts';

let slack: LocalSlack;
let clock: ManualClock;
let client: WebClient;

const clientWith = (token: string) =>
  new WebClient(token, {
    logger: quiet,
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });

interface Refusal {
  code: ErrorCode;
  data: { error: string; needed?: string; response_metadata?: { messages?: string[] } };
}
const refusal = (call: Promise<unknown>): Promise<Refusal['data']> =>
  call.then(
    () => Promise.reject(new Error('Slack would have refused this')),
    (error: Refusal) => error.data,
  );
const post = (args: object, by = client) => by.apiCall('chat.postMessage', { channel: 'COPS', text: 'hello', ...args });
const code = async (call: Promise<unknown>) => (await refusal(call)).error;

beforeEach(async () => {
  clock = createManualClock();
  slack = await createLocalSlack({ clock });
  client = clientWith(slack.botToken);
});
afterEach(() => slack.close());

describe('tokens', () => {
  test('none, unknown, revoked, of the wrong kind', async () => {
    const answer = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' });
    expect(await answer.json()).toEqual({ ok: false, error: 'not_authed' });
    expect(await code(clientWith('xoxb-wrong').auth.test())).toBe('invalid_auth');
    expect(await code(clientWith(slack.appToken).apiCall('chat.postMessage', {}))).toBe('not_allowed_token_type');
    expect(await code(client.apps.connections.open())).toBe('not_allowed_token_type');
    slack.revokeToken();
    expect(await code(client.auth.test())).toBe('token_revoked');
  });

  test('scopes are those of the manifest', async () => {
    const refused = await refusal(client.reactions.add({ channel: 'COPS', timestamp: '1', name: 'eyes' }));
    expect(refused).toMatchObject({ error: 'missing_scope', needed: 'reactions:write' });
    expect(await code(client.files.info({ file: 'F1' }))).toBe('missing_scope');
    expect(await code(client.apiCall('no.such'))).toBe('unknown_method');
  });
});

describe('messages', () => {
  test('where one may not post', async () => {
    expect(await code(post({ channel: 'CNONE' }))).toBe('channel_not_found');
    expect(await code(post({ channel: 'GNOBOT' }))).toBe('channel_not_found');
    expect(await code(post({ channel: 'CNOBOT' }))).toBe('not_in_channel');
    expect(await code(post({ channel: 'COLD' }))).toBe('is_archived');
    expect(await code(post({ channel: undefined }))).toBe('invalid_arguments');
    expect(await code(post({ thread_ts: '1.000001' }))).toBe('thread_not_found');
  });

  test('what one may not post', async () => {
    expect(await code(post({ text: '' }))).toBe('no_text');
    expect(await code(post({ text: 'x'.repeat(40_001) }))).toBe('msg_too_long');
    expect(await code(post({ attachments: Array(101).fill({ text: 'x' }) }))).toBe('too_many_attachments');
    expect(await code(post({ blocks: 'not json' }))).toBe('invalid_blocks_format');
    expect(await code(post({ metadata: { event_type: 'x' } }))).toBe('invalid_metadata_format');
    const sections = Array.from({ length: 5 }, () => ({
      type: 'section',
      text: { type: 'mrkdwn', text: 'x'.repeat(2700) },
    }));
    expect(await code(post({ blocks: sections }))).toBe('msg_blocks_too_long');
    const refused = await refusal(post({ blocks: [{ type: 'section' }, { type: 'nothing' }] }));
    expect(refused.error).toBe('invalid_blocks');
    expect(refused.response_metadata?.messages).toEqual([
      '[ERROR] must define either `text` or `fields` [json-pointer:/blocks/0]',
      '[ERROR] unsupported type: nothing [json-pointer:/blocks/1/type]',
    ]);
    expect(slack.violations.at(-1)).toMatchObject({ name: 'chat.postMessage', error: 'invalid_blocks' });
    expect(slack.channel('ops').messages.size).toBe(0);
  });

  test('only one’s own message can be changed; new text alone takes the blocks away and leaves the metadata', async () => {
    const { ts = '' } = await client.chat.postMessage({
      channel: 'COPS',
      text: 'one',
      blocks: [{ type: 'divider' }],
      metadata: { event_type: 'request', event_payload: { id: 'r1' } },
    });
    const said = await slack.person('alice').says('ops', 'hi');
    expect(await code(client.chat.update({ channel: 'COPS', ts: said.ts, text: 'x' }))).toBe('cant_update_message');
    expect(await code(client.chat.update({ channel: 'COPS', ts: '1.000001', text: 'x' }))).toBe('message_not_found');
    expect(await code(client.chat.update({ channel: 'COPS', ts, text: 'x'.repeat(4001) }))).toBe('msg_too_long');
    await client.chat.update({ channel: 'COPS', ts, text: 'two' });
    const plain = await client.conversations.history({ channel: 'COPS' });
    expect(plain.messages?.find((message) => message.ts === ts)).not.toHaveProperty('metadata');
    const full = await client.conversations.history({ channel: 'COPS', include_all_metadata: true });
    expect(full.messages?.find((message) => message.ts === ts)).toMatchObject({
      text: 'two',
      metadata: { event_type: 'request', event_payload: { id: 'r1' } },
    });
    expect(full.messages?.find((message) => message.ts === ts)).not.toHaveProperty('blocks');
  });

  test('a reply stands in the channel as well only where it is sent to both', async () => {
    const { ts: root = '' } = await client.chat.postMessage({ channel: 'COPS', text: 'root' });
    await client.chat.postMessage({ channel: 'COPS', text: 'quiet', thread_ts: root });
    await client.chat.postMessage({ channel: 'COPS', text: 'loud', thread_ts: root, reply_broadcast: true });
    const told = (answer: { messages?: { text?: string }[] }) => answer.messages?.map(({ text }) => text);
    expect(told(await client.conversations.history({ channel: 'COPS' }))).toEqual(['loud', 'root']);
    expect(told(await client.conversations.replies({ channel: 'COPS', ts: root }))).toEqual(['root', 'quiet', 'loud']);
  });

  test('a deleted root with replies leaves a tombstone', async () => {
    const { ts = '' } = await client.chat.postMessage({ channel: 'COPS', text: 'root' });
    await client.chat.postMessage({ channel: 'COPS', text: 'reply', thread_ts: ts });
    await client.chat.delete({ channel: 'COPS', ts });
    const { messages } = await client.conversations.replies({ channel: 'COPS', ts });
    expect(messages?.map(({ text }) => text)).toEqual(['This message was deleted.', 'reply']);
    expect(await code(client.chat.update({ channel: 'COPS', ts, text: 'x' }))).toBe('message_not_found');
  });

  test('ephemerals are for one person in the channel, and cannot be updated', async () => {
    const { message_ts = '' } = await client.chat.postEphemeral({ channel: 'COPS', user: 'UALICE', text: 'psst' });
    expect(slack.person('alice').sees('ops')).toMatchObject([{ text: 'psst', ephemeral: true }]);
    expect(slack.person('bob').sees('ops')).toEqual([]);
    expect(await code(client.chat.postEphemeral({ channel: 'COPS', user: 'UDAVE', text: 'x' }))).toBe(
      'user_not_in_channel',
    );
    expect(await code(client.chat.update({ channel: 'COPS', ts: message_ts, text: 'x' }))).toBe('message_not_found');
  });

  test('text that would page a whole channel is noticed', async () => {
    await post({ text: 'log: <!channel>' });
    await post({ text: 'log: &lt;!channel&gt;' });
    expect(slack.broadcasts.map(({ text }) => text)).toEqual(['log: <!channel>']);
  });
});

describe('lists', () => {
  test('members come in pages', async () => {
    for (let index = 0; index < 250; index++) slack.channel('ops').members.add(`UX${index}`);
    const sizes: number[] = [];
    const found = new Set<string>();
    for await (const page of client.paginate('conversations.members', { channel: 'COPS' })) {
      const members = (page as { members?: string[] }).members ?? [];
      sizes.push(members.length);
      for (const member of members) found.add(member);
    }
    expect(sizes.length).toBeGreaterThan(1);
    expect(found.size).toBe(slack.channel('ops').members.size);
    expect(await code(client.conversations.members({ channel: 'COPS', cursor: 'bm9uc2Vuc2U=' }))).toBe(
      'invalid_cursor',
    );
  });

  test('people are what they are', async () => {
    const info = async (user: string) => (await client.users.info({ user })).user;
    expect(await info('UGUEST')).toMatchObject({ is_restricted: true, is_ultra_restricted: false });
    expect(await info('USTRANGE')).toMatchObject({ team_id: 'T0STRANGE' });
    expect(await info('UGONE')).toMatchObject({ deleted: true });
    expect(await info('UALICE')).not.toHaveProperty('profile.email');
    expect(await code(client.users.info({ user: 'UNONE' }))).toBe('user_not_found');
    expect(() => slack.person('gustav')).toThrow('deactivated');
    expect((await client.usergroups.users.list({ usergroup: 'SSRE' })).users).toEqual(['UBOB', 'UCAROL']);
  });
});

describe('faults', () => {
  test('429 with Retry-After, 500, an error code: nothing is done', async () => {
    slack.fault({ method: 'chat.postMessage', kind: 'ratelimited', retryAfter: 7 });
    await expect(post({})).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 7 });
    slack.fault({ kind: 'error500' });
    await expect(post({})).rejects.toMatchObject({ statusCode: 500 });
    slack.fault({ kind: 'error', error: 'fatal_error' });
    expect(await code(post({}))).toBe('fatal_error');
    expect(slack.channel('ops').messages.size).toBe(0);
    expect(slack.violations).toEqual([]);
    await post({});
    expect(slack.channel('ops').messages.size).toBe(1);
  });

  test('the answer is lost and the work is done; or the question is lost', async () => {
    slack.fault({ kind: 'lose-answer', match: (args) => args.text === 'done' });
    await post({ text: 'other' });
    await expect(post({ text: 'done' })).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    slack.fault({ kind: 'lose-question' });
    await expect(post({ text: 'lost' })).rejects.toThrow();
    expect([...slack.channel('ops').messages.values()].map(({ text }) => text)).toEqual(['other', 'done']);
  });

  test('no answer at all', async () => {
    slack.fault({ kind: 'hang' });
    const hasty = new WebClient(slack.botToken, {
      logger: quiet,
      slackApiUrl: slack.apiUrl,
      timeout: 50,
      retryConfig: { retries: 0 },
    });
    await expect(post({}, hasty)).rejects.toThrow();
    expect(slack.channel('ops').messages.size).toBe(0);
  });

  test('real limits, when they are on', async () => {
    await post({});
    await post({});
    slack.enforceRateLimits();
    await post({});
    await expect(post({})).rejects.toMatchObject({ retryAfter: 1 });
    await post({ channel: 'CALERTS' });
    await clock.advance(1001);
    await post({});
    const { ts = '' } = await clientWith(slack.botToken).chat.postMessage({ channel: 'GSECRET', text: 'x' });
    const update = () => client.chat.update({ channel: 'GSECRET', ts, text: 'y' });
    for (let count = 0; count < 50; count++) await update();
    await expect(update()).rejects.toMatchObject({ retryAfter: 60 });
  });
});
