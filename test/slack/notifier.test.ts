import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../src/errors.ts';
import type { Request } from '../../src/requests/request.ts';
import { RateLimited } from '../../src/requests/requests.ts';
import type { Fault } from '../support/slack/faults.ts';
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
      const { planFor } = await import('./demo.ts');
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
  it('makes the requester hear what happened, what to do, and how it ended', async () => {
    const channel = kit.slack.addChannel('CLOST', 'lost', ['UALICE', 'UBOB', 'UOPSBOT']);
    const said = await kit.alice.mentions('lost', 'scale deployment lost 5');
    await kit.settled();
    const request = await newest();
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

  it('does not stop the story where only one message was deleted', async () => {
    const { said, request } = await ask();
    const [card] = told(said);
    kit.slack.channel('ops').messages.delete(card?.ts ?? '');
    await kit.alice.slash('/opsbot', `cancel ${request.id}`, 'ops');
    await kit.settled();
    expect(told(said).at(-1)?.text).toContain('cancelled');
    expect(kit.problems).toEqual([]);
  });
});
