import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { retryAfter, startHubWorkers } from '../../jobs/hub-worker.ts';
import { createQueues, type Queues } from '../../jobs/queues.ts';
import { showNow } from '../../jobs/show-now.ts';
import { UnavailableError } from '../../src/errors.ts';
import type { Report } from '../../src/requests/order.ts';
import type { Request } from '../../src/requests/request.ts';
import { RateLimited } from '../../src/requests/requests.ts';
import { startHubKit } from '../requests/hub-kit.ts';

describe('the hub’s workers', () => {
  let kit: Awaited<ReturnType<typeof startHubKit>>;
  let queues: Queues;
  let connection: Redis;
  let workers: ReturnType<typeof startHubWorkers>;
  let show: (id: string) => Promise<void> = async () => undefined;
  beforeAll(async () => {
    kit = await startHubKit();
    queues = createQueues(kit.redis, kit.keys.prefix);
    connection = new Redis({ ...kit.redis.options, maxRetriesPerRequest: null });
    workers = startHubWorkers({
      connection,
      prefix: kit.keys.prefix,
      queues,
      hub: kit.hub,
      notifier: { show: (id) => show(id) },
      logger: pino({ level: 'silent' }),
    });
  });
  afterAll(async () => {
    await workers.close();
    await queues.close();
    connection.disconnect();
    await kit.stop();
  });

  it('leave it to the connection to tell the log that Redis is away, not to each queue once more', () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { requests, reports, surfaces, incidents, channels } = queues;
    const all = [requests, reports, surfaces, incidents, channels, queues.agent('demo'), queues.diagnoses('demo')];
    for (const queue of all) queue.emit('error', new Error('connect ECONNREFUSED'));
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });

  /** The request once the report has been dealt with: reports are kept until they are. */
  async function requestAfter(report: unknown, id: string): Promise<Request> {
    await queues.reports.add('report', report as Report);
    await expect.poll(() => queues.reports.getJobCountByTypes('waiting', 'active', 'delayed')).toBe(0);
    return kit.desk.get(id);
  }

  async function executing(): Promise<Request> {
    const { id } = await kit.pending();
    await kit.desk.approve({ id, revision: 1, user: 'UBOB', gesture: 'button' });
    await kit.hub.release(id);
    return kit.desk.get(id);
  }

  it('end a request whose agent reports what makes no sense, instead of asking it for ever', async () => {
    const of = (request: Request) => ({ request: request.id, revision: request.revision });
    const asked = await kit.ask();
    expect(await requestAfter({ type: 'planned', ...of(asked), plan: { action: 'scale' } }, asked.id)).toMatchObject({
      state: 'invalid',
      error: { kind: 'internal' },
    });
    const done = await executing();
    const outcome = { result: 'succeeded', text: 'x'.repeat(4_000) };
    expect(await requestAfter({ type: 'finished', ...of(done), generation: 2, outcome }, done.id)).toMatchObject({
      state: 'failed',
      applied: { generation: 2 },
      outcome: { reason: 'Unreadable' },
    });
    const gone = await executing();
    expect(await requestAfter({ type: 'drifted', ...of(gone), reason: 7 }, gone.id)).toMatchObject({
      state: 'unknown',
    });
  });

  it('keep no copy of an answer once it has been shown', async () => {
    const { id } = await kit.ask({ action: 'logs', input: { pod: 'web-1', namespace: 'default' } });
    const target = { kind: 'Pod', namespace: 'default', name: 'web-1', uid: 'uid-of-web-1' } as const;
    await kit.planned({ id, revision: 1 }, { action: 'logs', target, patch: null, preconditions: [], diff: [] });
    await kit.hub.release(id);
    const reading = { headline: '1 line', body: 'a line that is found nowhere else', filename: 'web-1.log' };
    expect((await requestAfter({ type: 'read', request: id, revision: 1, reading }, id)).state).toBe('succeeded');
    expect(await kit.surfaces.reading(id)).toMatchObject(reading);
    expect(await queues.reports.getJobCounts('completed', 'failed')).toEqual({ completed: 0, failed: 0 });
    const surface = { channel: 'C1', thread: undefined, cards: [], told: 0, gone: undefined, fileId: undefined };
    await kit.surfaces.put(id, { ...surface, answered: false });
    expect(await kit.surfaces.reading(id)).toBeDefined();
    await kit.surfaces.put(id, { ...surface, answered: true });
    expect(await kit.surfaces.reading(id)).toBeUndefined();
  });

  it('do not try again what is about a request that is gone', async () => {
    const { id } = await executing();
    await kit.redis.del(kit.keys.request(id));
    const progress = { text: 'half', done: 1, total: 2 };
    await queues.reports.add('report', { type: 'progressed', request: id, revision: 1, progress });
    await queues.requests.add('release', { kind: 'release', request: id });
    for (const queue of [queues.reports, queues.requests]) {
      await expect.poll(() => queue.getJobCountByTypes('waiting', 'active')).toBe(0);
      expect(await queue.getJobCounts('delayed', 'failed')).toEqual({ delayed: 0, failed: 0 });
    }
  });

  it('know where a request is shown for longer than it may wait', async () => {
    const thirtyDays = 30 * 24 * 3600;
    const cards = [{ revision: 1, ts: '1700000000.000100', shown: undefined }];
    const common = { told: 0, gone: undefined, fileId: undefined, answered: false };
    await kit.surfaces.put('waits-long', { channel: 'C7', thread: '1700000000.000100', cards, ...common });
    const { surface, thread, card } = kit.keys;
    const stored = [surface('waits-long'), thread('C7', '1700000000.000100'), card('C7', '1700000000.000100')];
    for (const key of stored) expect(await kit.redis.ttl(key)).toBeGreaterThan(thirtyDays + 3600);
  });

  it('keep little of a Slack that is away for long, and look for it often', async () => {
    let attempts = 0;
    const { promise: triedEnough, resolve } = Promise.withResolvers<void>();
    show = async () => {
      attempts += 1;
      if (attempts === 8) resolve();
      if (attempts === 1 || attempts === 2) throw new UnavailableError('Slack did not answer.');
      throw new RateLimited(attempts < 8 ? 1 : 60_000);
    };
    await showNow(queues, 'r-shown');
    await triedEnough;
    await expect.poll(() => queues.surfaces.getDelayedCount()).toBe(1);
    const [job] = await queues.surfaces.getDelayed();
    expect(job?.stacktrace?.length).toBeLessThanOrEqual(1);
    // To wait for one's turn is no failure.
    expect(job?.attemptsMade).toBe(2);
    // What happens meanwhile is shown with the next attempt, so that must not be long in coming.
    for (const attempt of [1, 10, 1_000]) expect(retryAfter(attempt)).toBeLessThanOrEqual(30_000);
    expect((job?.opts.attempts ?? 0) * retryAfter(1_000)).toBeGreaterThan(24 * 3_600_000);
  });

  it.each([
    ['Slack asked to wait', () => new RateLimited(60_000)],
    ['Slack was away', () => new UnavailableError('Slack did not answer.')],
  ])('show at once what happens while %s, and no second time when that is over', async (reason, refusal) => {
    const id = `r-${reason.replaceAll(' ', '-')}`;
    const shown: number[] = [];
    show = async () => {
      shown.push(Date.now());
      if (shown.length < 7) throw refusal();
    };
    for (let tries = 1; tries <= 7; tries += 1) {
      await showNow(queues, id);
      await expect.poll(() => shown.length, { interval: 5, timeout: 5_000 }).toBeGreaterThanOrEqual(tries);
      await expect.poll(() => queues.surfaces.getActiveCount(), { interval: 5 }).toBe(0);
    }
    const delayed = await queues.surfaces.getDelayed();
    expect(delayed.filter(({ data }) => data.request === id)).toEqual([]);
  });

  it('leave alone what says nothing about a request', async () => {
    const request = await executing();
    const progressed = { type: 'progressed', request: request.id, revision: 1, progress: 'much' };
    expect(await requestAfter(progressed, request.id)).toMatchObject({ state: 'executing', version: request.version });
    expect(await requestAfter({ hello: 'world' }, request.id)).toMatchObject({ state: 'executing' });
  });
});
