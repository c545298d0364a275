import { WebClient } from '@slack/web-api';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../src/errors.ts';
import type { Request } from '../../src/requests/request.ts';
import { RateLimited } from '../../src/requests/requests.ts';
import type { Fault } from '../support/slack/faults.ts';
import { planFor } from './demo.ts';
import { startSlackKit } from './slack-kit.ts';

let kit: Awaited<ReturnType<typeof startSlackKit>>;
beforeAll(async () => {
  kit = await startSlackKit({ channels: { requests: 'COPS' } });
});
afterAll(() => kit.stop());
beforeEach(async () => {
  await kit.forgetLimits();
  kit.slack.clearFaults();
  kit.problems.length = 0;
});
afterEach(() => kit.slack.clearFaults());

const newest = async () => (await kit.store.loadAll(await kit.store.recentIds(1)))[0] as Request;
const show = ({ id }: Pick<Request, 'id'>) => kit.app.notifier.show(id);
let workloads = 0;

async function ask() {
  const said = await kit.alice.mentions('ops', `scale deployment note-${++workloads} 5`);
  await kit.settled();
  return { said, request: await newest() };
}

/** The texts of a thread without the line that began it. */
const told = (said: { channel: string; ts: string }) => kit.bob.thread(said).slice(1);

describe('a post whose answer is lost', () => {
  it('is found again instead of being made twice', async () => {
    kit.slack.fault({ kind: 'lose-answer', method: 'chat.postMessage' });
    const { said, request } = await ask();
    expect(kit.problems).toEqual([expect.any(UnavailableError)]);
    expect(told(said)).toHaveLength(1);
    await show(request);
    await show(request);
    expect(told(said)).toHaveLength(1);
    expect((await kit.surfaces.get(request.id))?.cards).toMatchObject([{ revision: 1, ts: told(said)[0]?.ts }]);
  });

  it.each(['lose-answer', 'lose-question', 'error500', 'ratelimited'] as const)(
    'every line of the story comes once and in order where each call meets “%s” in turn',
    async (kind) => {
      const { said, request } = await ask();
      await kit.bob.clicks('Approve', { on: told(said)[0] as never });
      await kit.settled();
      const fault: Fault = kind === 'ratelimited' ? { kind, retryAfter: 1 } : { kind };
      for (const report of [
        { type: 'applied' as const, generation: 2 },
        { type: 'finished' as const, outcome: { result: 'succeeded' as const, text: 'All 5 pods run.' } },
      ]) {
        kit.slack.fault({ ...fault, method: 'chat.update' });
        kit.slack.fault({ ...fault, method: 'chat.postMessage' });
        await kit.report(request.id, report);
        for (let attempt = 0; attempt < 4; attempt += 1) {
          await kit.forgetLimits();
          await show(request).catch(() => undefined);
        }
      }
      const lines = told(said).map(({ text }) => text.split('\n')[0]);
      expect(lines).toEqual([
        expect.stringContaining('Done'),
        expect.stringContaining('approved'),
        expect.stringContaining('Started'),
        expect.stringContaining('taken the change'),
        expect.stringContaining('All 5 pods run'),
      ]);
      expect(kit.problems.every((p) => p instanceof UnavailableError || p instanceof RateLimited)).toBe(true);
    },
  );

  it('is found in a busy channel too', async () => {
    kit.slack.fault({ kind: 'lose-answer', method: 'chat.postMessage' });
    await kit.alice.slash('/opsbot', 'restart deployment busy', 'ops');
    await kit.settled();
    const request = await newest();
    for (let i = 0; i < 250; i += 1) await kit.bob.says('ops', `chatter ${i}`);
    await show(request);
    const cards = kit.bob.sees('ops').filter((m) => m.text.includes('busy') && m.buttons.length > 0);
    expect(cards).toHaveLength(1);
  });

  it('uploads a file once', async () => {
    const said = await kit.alice.mentions('ops', 'logs nginx-7d9f8-aaaaa');
    await kit.settled();
    const request = await newest();
    kit.slack.fault({ kind: 'lose-answer', method: 'files.completeUploadExternal' });
    const reading = { headline: 'Logs', body: 'a long line of the log\n'.repeat(2000), filename: 'nginx.log' };
    await kit.report(request.id, { type: 'read', reading });
    for (let attempt = 0; attempt < 3; attempt += 1) await show(request).catch(() => undefined);
    const files = told(said).flatMap(({ raw }) => (raw as { files?: unknown[] }).files ?? []);
    expect(files).toHaveLength(1);
    expect(told(said)).toHaveLength(2);
  });
});

describe('what Slack asks for', () => {
  it('is passed on: wait, and try again', async () => {
    const { request } = await ask();
    kit.slack.fault({ kind: 'ratelimited', retryAfter: 7, method: 'chat.update' });
    await kit.alice.slash('/opsbot', `cancel ${request.id}`, 'ops');
    await kit.settled();
    expect(kit.problems).toEqual([expect.objectContaining({ retryAfterMs: 7000 })]);
  });

  it('costs nothing where nothing has changed', async () => {
    const { request } = await ask();
    const calls = () => kit.slack.journal.filter(({ kind }) => kind === 'api').length;
    const before = calls();
    await show(request);
    expect(calls()).toBe(before);
  });

  it('is obeyed side by side: shows of one request never overlap', async () => {
    kit.slack.fault({ kind: 'lose-question', method: 'chat.postMessage' });
    const { said, request } = await ask();
    await Promise.all(Array.from({ length: 10 }, () => show(request)));
    expect(told(said)).toHaveLength(1);
  });
});

describe('a plan that is late', () => {
  it('is announced after a while, and the announcement goes when the plan comes', async () => {
    const slow = await startSlackKit({ silentAgent: true });
    try {
      const said = await slow.alice.mentions('ops', 'scale deployment nginx 5');
      const request = (await slow.store.loadAll(await slow.store.recentIds(1)))[0] as Request;
      await slow.app.notifier.show(request.id);
      expect(slow.bob.thread(said)).toHaveLength(1);
      slow.clock.offset = 2_000;
      await slow.app.notifier.show(request.id);
      const notice = slow.bob.thread(said)[1];
      expect(notice?.text).toMatch(/Scale nginx|Scale deployment nginx/);
      expect(notice?.buttons).not.toContain('Approve');
      await slow.bob.reacts('white_check_mark', notice as never);
      await slow.hub.report(planFor(request));
      await slow.settled();
      const thread = slow.bob.thread(said).filter(({ ephemeral }) => !ephemeral);
      expect(thread).toHaveLength(2);
      expect(thread[1]?.ts).not.toBe(notice?.ts);
      expect(thread[1]?.buttons).toContain('Approve');
      expect((await slow.store.load(request.id))?.votes).toEqual([]);
      expect(slow.slack.violations).toEqual([]);
      expect(slow.problems).toEqual([]);
    } finally {
      await slow.stop();
    }
  });
});

describe('a channel that is lost', () => {
  let channels = 0;
  function lose() {
    const id = `CLOST${++channels}`;
    const channel = kit.slack.addChannel(id, id.toLowerCase(), ['UALICE', 'UBOB', 'UOPSBOT']);
    const ask = async () => {
      const said = await kit.alice.mentions(channel.name, `scale deployment lost-${channels} 5`);
      await kit.settled();
      return { said, request: await newest() };
    };
    return { channel, ask };
  }
  const wroteToAlice = (request: Request) =>
    kit.alice.directMessages().filter(({ text }) => text.includes(`lost-${channels}`) || text.includes(request.id));
  const later = (minutes: number) => {
    kit.clock.offset += minutes * 60_000;
  };

  it('makes the requester hear what happened, what to do, and how it ended', async () => {
    const { channel, ask } = lose();
    const { said, request } = await ask();
    await kit.bob.clicks('Approve', { on: told(said)[0] as never });
    await kit.settled();
    channel.members.delete('UOPSBOT');
    await kit.report(request.id, { type: 'applied', generation: 2 });
    expect(kit.alice.directMessages().at(-1)?.text).toMatch(/cannot post.*\/invite @opsbot/s);
    await kit.report(request.id, { type: 'finished', outcome: { result: 'succeeded', text: 'All 5 pods run.' } });
    expect(kit.alice.directMessages().at(-1)?.text).toContain('All 5 pods run.');
    const count = kit.alice.directMessages().length;
    await show(request);
    expect(kit.alice.directMessages()).toHaveLength(count);
    expect(kit.problems).toEqual([]);
  });

  it('gets what it missed, once, when opsbot is invited again', async () => {
    const { channel, ask } = lose();
    const { said, request } = await ask();
    channel.members.delete('UOPSBOT');
    await kit.alice.slash('/opsbot', `cancel ${request.id}`, 'ops');
    await kit.settled();
    expect(wroteToAlice(request)).toHaveLength(2);
    channel.members.add('UOPSBOT');
    later(6);
    await show(request);
    await show(request);
    expect(told(said).map(({ text }) => text)).toEqual([
      expect.stringContaining('Cancelled'),
      expect.stringContaining('cancelled'),
    ]);
    expect(wroteToAlice(request)).toHaveLength(2);
  });

  it('is archived: its request is decided all the same, and its requester hears of both', async () => {
    const { channel, ask } = lose();
    const { said, request } = await ask();
    channel.is_archived = true;
    await kit.bob.slash('/opsbot', `approve ${request.id}`, 'ops');
    await kit.settled();
    expect((await newest()).state).toBe('executing');
    await kit.report(request.id, { type: 'applied', generation: 2 });
    await kit.report(request.id, { type: 'finished', outcome: { result: 'succeeded', text: 'All 5 pods run.' } });
    expect(wroteToAlice(request).map(({ text }) => text)).toEqual([
      expect.stringMatching(/is_archived.*It goes on as/s),
      expect.stringContaining('All 5 pods run.'),
    ]);
    channel.is_archived = false;
    later(6);
    await show(request);
    await show(request);
    expect(told(said)[0]?.text).toContain('Done');
    expect(told(said).map(({ text }) => text.split('\n')[0])).toEqual([
      expect.stringContaining('Done'),
      expect.stringContaining('approved'),
      expect.stringContaining('Started'),
      expect.stringContaining('taken the change'),
      expect.stringContaining('All 5 pods run'),
    ]);
    expect(wroteToAlice(request)).toHaveLength(2);
  });

  it.each([
    'not_in_channel',
    'channel_not_found',
    'is_archived',
    'restricted_action',
    'restricted_action_read_only_channel',
    'restricted_action_thread_locked',
    'no_permission',
    'invalid_blocks',
    'msg_blocks_too_long',
  ])('says “%s” to the requester alone, once, with the way on, however often it is tried', async (error) => {
    const { said, request } = await (async () => {
      const { ask } = lose();
      kit.slack.fault({
        kind: 'error',
        error,
        method: 'chat.postMessage',
        times: 3,
        match: ({ channel: c }) => String(c).startsWith('CLOST'),
      });
      return ask();
    })();
    for (let tries = 0; tries < 3; tries += 1) {
      later(6);
      await show(request);
    }
    const [words, ...more] = wroteToAlice(request);
    expect(words?.text).toMatch(new RegExp(`${error}.*\`?approve ${request.id}`, 's'));
    expect(more).toEqual([]);
    // Slack takes it by now.
    expect(told(said).filter(({ buttons }) => buttons.includes('Approve'))).toHaveLength(1);
    expect(kit.problems).toEqual([]);
  });

  it('is no such thing where the token was revoked: then everything waits', async () => {
    const { ask } = lose();
    kit.slack.fault({ kind: 'error', error: 'token_revoked', method: 'chat.postMessage' });
    const { said, request } = await ask();
    expect(kit.problems).toEqual([expect.any(UnavailableError)]);
    await show(request);
    expect(told(said)).toHaveLength(1);
    expect(wroteToAlice(request)).toEqual([]);
  });

  it('is not tried for ever: a day after the last change nobody asks Slack any more', async () => {
    const { channel, ask } = lose();
    const { request } = await ask();
    channel.is_archived = true;
    await kit.alice.slash('/opsbot', `cancel ${request.id}`, 'ops');
    await kit.settled();
    const calls = () => kit.slack.journal.filter(({ kind }) => kind === 'api').length;
    later(6);
    const before = calls();
    await show(request);
    expect(calls()).toBeGreaterThan(before);
    later(25 * 60);
    const after = calls();
    await show(request);
    expect(calls()).toBe(after);
  });
});

describe('a message that somebody deletes', () => {
  /** As an admin may. */
  const remove = async ({ channel, ts }: { channel: string; ts: string }) => {
    await new WebClient(kit.slack.botToken, { slackApiUrl: kit.slack.apiUrl }).chat.delete({ channel, ts });
  };
  const votable = (said: { channel: string; ts: string }) =>
    told(said).filter(({ buttons }) => buttons.includes('Approve'));

  it('comes once more while it is to be voted on, and takes votes; whoever deletes that, too, is obeyed', async () => {
    const { said, request } = await ask();
    const [card] = votable(said);
    await remove(card as never);
    const again = await kit.slack.waitFor(() => votable(said).find(({ ts }) => ts !== card?.ts));
    await kit.settled();
    await show(request);
    expect(votable(said)).toHaveLength(1);
    await remove(again);
    await kit.slack.waitFor(() => votable(said).length === 0);
    await kit.settled();
    await show(request);
    expect(votable(said)).toEqual([]);
    await kit.bob.slash('/opsbot', `approve ${request.id}`, 'ops');
    await kit.settled();
    expect((await newest()).state).toBe('executing');
    expect(told(said).map(({ text }) => text)).toEqual([
      expect.stringContaining('approved'),
      expect.stringContaining('Started'),
    ]);
  });

  it('was the first of its thread: the thread goes on below the one that comes instead', async () => {
    await kit.alice.slash('/opsbot', `scale deployment note-${++workloads} 5`, 'ops');
    await kit.settled();
    const cards = () => kit.bob.sees('ops').filter(({ text }) => text.includes(`note-${workloads}`));
    const [card] = cards();
    await remove(card as never);
    const again = await kit.slack.waitFor(() => cards().find(({ ts }) => ts !== card?.ts));
    await kit.bob.clicks('Approve', { on: again as never });
    await kit.settled();
    expect(told(again).map(({ text }) => text)).toEqual([
      expect.stringContaining('approved'),
      expect.stringContaining('Started'),
    ]);
  });

  it('was what the request was asked with: then the request stands in the channel', async () => {
    const slow = await startSlackKit({ silentAgent: true });
    try {
      const said = await slow.alice.mentions('ops', 'scale deployment nginx 5');
      const request = (await slow.store.loadAll(await slow.store.recentIds(1)))[0] as Request;
      slow.alice.deletes(said);
      await slow.hub.report(planFor(request));
      await slow.settled();
      const [card] = slow.bob.sees('ops').filter(({ buttons }) => buttons.includes('Approve'));
      await slow.bob.clicks('Approve', { on: card as never });
      await slow.settled();
      expect((await slow.store.load(request.id))?.state).toBe('executing');
      expect(slow.problems).toEqual([]);
    } finally {
      await slow.stop();
    }
  });

  it('does not stop the story', async () => {
    const { said, request } = await ask();
    const [card] = told(said);
    kit.slack.channel('ops').messages.delete(card?.ts ?? '');
    await kit.alice.slash('/opsbot', `cancel ${request.id}`, 'ops');
    await kit.settled();
    expect(told(said).at(-1)?.text).toContain('cancelled');
    expect(kit.problems).toEqual([]);
  });
});
