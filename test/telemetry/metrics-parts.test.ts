import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { readQueues } from '../../jobs/queue-figures.ts';
import { createQueues } from '../../jobs/queues.ts';
import type { Event, Request, State, Step } from '../../src/requests/request.ts';
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.ts';
import { changesOf, openRequest } from '../../src/telemetry/metrics-requests.ts';
import { slackStatus } from '../../src/telemetry/metrics-slack.ts';
import { during } from '../../src/telemetry/work.ts';
import { parseExposition } from '../support/exposition.ts';
import { startRedis } from '../support/redis.ts';

const running: Metrics[] = [];
afterEach(() => {
  for (const metrics of running.splice(0)) metrics.stop();
});

function bot(roles: readonly string[] = ['hub', 'agent']) {
  const metrics = createMetrics({
    ...{ version: '1.2.3', roles, cluster: 'c', actions: ['scale'] },
    readiness: async () => ({}),
    logger: pino({ level: 'silent' }),
  });
  running.push(metrics);
  return metrics;
}
const nothing = {
  ping: async () => 'PONG',
  queues: async () => [],
  requests: async () => [],
  incidents: async () => ({ open: [], unshown: 0, vouchedAt: {} }),
  connections: () => 1,
};
const pageOf = async (metrics: Metrics) => parseExposition((await metrics.page()).text);

describe('the story of a request', () => {
  const steps = (...story: [number, State][]): Step[] =>
    story.map(([at, state]) => ({ at, state, actor: 'opsbot', event: 'asked', revision: 1 }));
  const story = steps([0, 'received'], [40, 'proposed'], [40, 'pending'], [900, 'pending'], [1_000, 'approved']);

  it('says since when it is in its state: since it came there, not since the last vote', () => {
    const request = (of: Step[]) => ({ state: of.at(-1)?.state, steps: of, createdAt: -1 }) as Request;
    expect(openRequest(request(story))).toEqual({ state: 'approved', since: 1_000 });
    expect(openRequest(request(story.slice(0, 4)))).toEqual({ state: 'pending', since: 40 });
    expect(openRequest({ ...request([]), state: 'received' })).toEqual({ state: 'received', since: -1 });
  });

  it('tells each change of state once, and how long the one before has lasted', () => {
    expect(changesOf(story, 1)).toEqual([{ state: 'approved', left: 'pending', lasted: 960 }]);
    expect(changesOf(story.slice(0, 4), 1)).toEqual([]);
    expect(changesOf(story.slice(0, 3), 2)).toEqual([
      { state: 'proposed', left: 'received', lasted: 40 },
      { state: 'pending', left: 'proposed', lasted: 0 },
    ]);
    expect(changesOf(story.slice(0, 1), 1)).toEqual([{ state: 'received' }]);
  });

  it('is not told again by progress, which is no step of it', async () => {
    const metrics = bot();
    const { onCommit } = metrics.hub(nothing);
    const executing = { action: 'scale', state: 'executing', steps: [...story, ...steps([1_100, 'executing'])] };
    onCommit(executing as Request, [{ type: 'released' } as Event]);
    onCommit(executing as Request, [{ type: 'progressed' } as Event]);
    expect((await pageOf(metrics)).sum('opsbot_request_transitions_total')).toBe(1);
  });
});

describe('how a call of Slack ended', () => {
  const platform = (error: string) => ({ code: 'slack_webapi_platform_error', data: { ok: false, error } });
  it.each([
    [undefined, 'ok'],
    [platform('channel_not_found'), 'channel_not_found'],
    [platform('ratelimited'), 'ratelimited'],
    [platform('<html>502 Bad Gateway'), 'other'],
    [platform('something_that_slack_thinks_up_tomorrow'), 'other'],
    [{ code: 'slack_webapi_rate_limited_error', retryAfter: 3 }, 'ratelimited'],
    [{ code: 'slack_webapi_http_error', statusCode: 503 }, 'http_5xx'],
    [{ code: 'slack_webapi_request_error', original: new DOMException('', 'TimeoutError') }, 'timeout'],
    [{ code: 'slack_webapi_request_error', original: new TypeError('fetch failed') }, 'unreachable'],
    [new Error('anything else'), 'other'],
  ])('%j is one of few words: %s', (error, status) => {
    expect(slackStatus(error)).toBe(status);
  });
});

describe('metrics', () => {
  it('of a process without a role have nothing of that role, not even zeros', async () => {
    const hub = bot(['hub']);
    hub.hub(nothing);
    const names = [...(await pageOf(hub)).families.keys()];
    expect(names).toContain('opsbot_requests');
    expect(names.filter((name) => /snapshot|lease|watch|executions|plan|cluster_call/.test(name))).toEqual([]);
  });

  it('of two opsbots in one process are apart, and stop', async () => {
    const [one, other] = [bot(), bot()];
    one.hub(nothing);
    other.hub(nothing);
    other.stop();
    await during('slackCall', { method: 'auth.test' }, async () => 'fine');
    const calls = async (metrics: Metrics) => (await pageOf(metrics)).sum('opsbot_slack_calls_total');
    expect([await calls(one), await calls(other)]).toEqual([1, 0]);
  });

  it('leave out what cannot be read, rather than tell old values', async () => {
    const metrics = bot();
    const waiting = { waiting: 1, active: 0, delayed: 0, failed: 0 };
    const hang = Promise.withResolvers<never>();
    let queues = async () => [{ name: 'reports', jobs: waiting, oldestAge: 1_500 }];
    metrics.hub({ ...nothing, queues: () => queues() });
    const before = await pageOf(metrics);
    expect(before.value('opsbot_queue_oldest_job_age_seconds', { queue: 'reports' })).toBe(1.5);
    queues = () => hang.promise;
    const startedAt = performance.now();
    const page = await pageOf(metrics);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(page.samples('opsbot_queue_oldest_job_age_seconds')).toEqual([]);
    expect(page.value('opsbot_source_up', { source: 'queues' })).toBe(0);
    expect(page.value('opsbot_source_up', { source: 'requests' })).toBe(1);
  });

  it('are read once for two who ask at the same time, and anew for the next', async () => {
    const metrics = bot();
    let asked = 0;
    metrics.hub({ ...nothing, ping: async () => (asked += 1) });
    const [one, other] = await Promise.all([metrics.page(), metrics.page()]);
    expect([one === other, asked]).toEqual([true, 1]);
    await metrics.page();
    expect(asked).toBe(2);
  });

  it('count an action or a gesture that nobody knows as other', async () => {
    const metrics = bot();
    metrics.hub(nothing);
    metrics.agent({ ping: nothing.ping, figures: () => Promise.reject(new Error('none')) });
    const order = { type: 'plan', action: 'rm -rf', effect: undefined, cluster: 'c' } as const;
    await during('order', order, async () => undefined);
    await during('gesture', { kind: 'U0123456789' }, async () => undefined);
    const page = await pageOf(metrics);
    expect(page.value('opsbot_plans_total', { action: 'other', result: 'interrupted' })).toBe(1);
    expect(page.value('opsbot_gestures_total', { kind: 'other', outcome: 'ok' })).toBe(1);
  });
});

it('the oldest job is the one that is due for longest, whether it waits for a worker or for its time', async () => {
  const { url, prefix, stop } = await startRedis();
  const redis = new Redis(url);
  const queues = createQueues(redis, prefix);
  const figures = async (ahead: number) => {
    const all = await readQueues({ redis, queues, now: () => Date.now() + ahead }, ['prod']);
    return Object.fromEntries(all.map(({ name, ...rest }) => [name, rest]));
  };
  try {
    const job = { kind: 'expire', request: 'r-abcde' } as const;
    await queues.requests.add('expire', job, { jobId: 'later', delay: 60_000 });
    const none = { waiting: 0, active: 0, delayed: 0, failed: 0 };
    expect((await figures(0)).requests).toEqual({ jobs: { ...none, delayed: 1 }, oldestAge: 0 });
    // Its time has come, and nobody has taken it.
    const late = (await figures(65_000)).requests?.oldestAge ?? 0;
    expect(late).toBeGreaterThanOrEqual(5_000);
    expect(late).toBeLessThan(15_000);
    for (const ago of [30_000, 1_000]) {
      await queues.diagnoses('prod').add('diagnose', {} as never, { timestamp: Date.now() - ago });
    }
    const { 'diagnoses-prod': diagnoses, 'agent-prod': agent } = await figures(0);
    expect(diagnoses?.jobs).toEqual({ ...none, waiting: 2 });
    expect(diagnoses?.oldestAge).toBeGreaterThanOrEqual(30_000);
    expect(agent).toEqual({ jobs: none, oldestAge: 0 });
  } finally {
    await queues.close();
    redis.disconnect();
    await stop();
  }
});
