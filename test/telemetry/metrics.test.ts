import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLocalCluster } from '../support/cluster/local-cluster.ts';
import type { LocalCluster } from '../support/cluster/local-cluster-contract.ts';
import { deployment } from '../support/cluster/manifests.ts';
import { type Exposition, parseExposition } from '../support/exposition.ts';
import { freePorts } from '../support/free-ports.ts';
import { environmentOf, type OpsbotProcess, startOpsbot } from '../support/opsbot.ts';
import { type OwnRedis, startOwnRedis } from '../support/redis.ts';
import { createLocalSlack, type LocalSlack } from '../support/slack/local-slack.ts';

const NAMESPACE = 'shop';
const WORKLOAD = 'storefront';
/** ms: what a scrape may take, whatever is away. */
const SCRAPE_MS = 1_000;

describe('/metrics of a running opsbot', () => {
  let redis: OwnRedis;
  let slack: LocalSlack;
  let cluster: LocalCluster;
  let opsbot: OpsbotProcess;
  let url: string;

  beforeAll(async () => {
    let port: number;
    [redis, slack, cluster, [port]] = (await Promise.all([
      startOwnRedis(),
      createLocalSlack(),
      createLocalCluster({ namespaces: [NAMESPACE] }),
      freePorts(1),
    ])) as [OwnRedis, LocalSlack, LocalCluster, [number]];
    url = `http://127.0.0.1:${port}/metrics`;
    cluster.apply(deployment(WORKLOAD, { namespace: NAMESPACE, replicas: 1 }));
    const kubeconfig = cluster.kubeconfig();
    opsbot = startOpsbot({ env: { ...environmentOf({ slack, redis, kubeconfig }), OPSBOT_HTTP_PORT: String(port) } });
    await opsbot.ready;
  }, 60_000);
  afterAll(async () => {
    await opsbot.stop();
    await Promise.all([slack.close(), cluster.stop(), redis.stop()]);
  });

  async function read(withinMs = 10_000): Promise<string> {
    const answer = await fetch(url, { signal: AbortSignal.timeout(withinMs) });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    return answer.text();
  }
  const scrape = async () => parseExposition(await read());
  /** What is told a moment after it happened. */
  const eventually = (check: (page: Exposition) => void) =>
    vi.waitFor(async () => check(await scrape()), { timeout: 10_000, interval: 50 });

  it('counts what people, Slack and the cluster have seen', async () => {
    const [alice, bob] = [slack.person('alice'), slack.person('bob')];
    await alice.mentions('ops', 'scale deployment no-such-thing 2');
    const { ts } = await alice.mentions('ops', `scale deployment ${WORKLOAD} 3`);
    const card = await bob.waitsFor((m) => m.thread === ts && m.buttons.includes('Approve'), { in: 'ops' });
    // Her own request: refused.
    await alice.clicks('Approve', { on: card });
    await slack.waitFor(() => alice.sees('ops').some(({ ephemeral }) => ephemeral));
    slack.fault({ kind: 'ratelimited', retryAfter: 1, method: 'chat.update' });
    slack.fault({ kind: 'error', error: 'something_new_1234', method: 'chat.postMessage' });
    await bob.clicks('Approve', { on: card });
    await bob.waitsFor((m) => m.ts === card.ts && m.text.includes('*Done*'), { in: 'ops', timeoutMs: 20_000 });

    await eventually((page) => {
      const made = slack.journal.filter(({ kind, name }) => kind === 'api' && name !== 'apps.connections.open');
      for (const [method, calls] of Map.groupBy(made, ({ name }) => name)) {
        const answered = (ok: boolean) => calls.filter(({ answer }) => (answer as { ok: boolean }).ok === ok).length;
        expect([method, page.sum('opsbot_slack_calls_total', { method })]).toEqual([method, calls.length]);
        expect(page.sum('opsbot_slack_calls_total', { method, status: 'ok' })).toBe(answered(true));
        expect(page.value('opsbot_slack_call_seconds_count', { method })).toBe(calls.length);
      }
      expect(page.sum('opsbot_slack_calls_total')).toBe(made.length);
      const delivered = slack.journal.filter(({ kind }) => kind === 'envelope');
      for (const [kind, envelopes] of Map.groupBy(delivered, ({ name }) => name)) {
        expect([kind, page.sum('opsbot_gestures_total', { kind })]).toEqual([kind, envelopes.length]);
        expect(page.value('opsbot_gesture_ack_seconds_count', { kind })).toBe(envelopes.length);
      }
    });

    const page = await scrape();
    expect(page.value('opsbot_slack_calls_total', { method: 'chat.update', status: 'ratelimited' })).toBe(1);
    expect(page.value('opsbot_slack_calls_total', { method: 'chat.postMessage', status: 'other' })).toBe(1);
    expect(page.value('opsbot_gestures_total', { kind: 'block_actions', outcome: 'refused' })).toBe(1);
    expect(page.value('opsbot_gestures_total', { kind: 'block_actions', outcome: 'ok' })).toBe(1);
    expect(page.sum('opsbot_gestures_total', { outcome: 'failed' })).toBe(0);

    const patches = cluster.record.writes.filter(({ verb }) => verb === 'patch');
    expect(patches).toHaveLength(1);
    expect(page.sum('opsbot_cluster_calls_total', { verb: 'patch' })).toBe(1);
    expect(page.value('opsbot_cluster_calls_total', { verb: 'patch', resource: 'deployments', status: '200' })).toBe(1);
    expect(page.value('opsbot_executions_total', { action: 'scale', result: 'succeeded' })).toBe(1);
    expect(page.sum('opsbot_executions_total')).toBe(1);
    expect(page.value('opsbot_execution_seconds_count', { action: 'scale' })).toBe(1);
    expect(page.value('opsbot_plans_total', { action: 'scale', result: 'planned' })).toBe(1);
    expect(page.value('opsbot_plans_total', { action: 'scale', result: 'failed' })).toBe(1);
    const came = (state: string) => page.value('opsbot_request_transitions_total', { action: 'scale', state });
    expect(['received', 'invalid', 'pending', 'approved', 'executing', 'succeeded', 'failed'].map(came)).toEqual([
      2, 1, 1, 1, 1, 1, 0,
    ]);
    expect(page.value('opsbot_request_state_seconds_count', { state: 'executing' })).toBe(1);
  }, 40_000);

  it('says how much there is to do, and for how long', async () => {
    const alice = slack.person('alice');
    const { ts } = await alice.mentions('ops', `scale deployment ${WORKLOAD} 4`);
    await alice.waitsFor((m) => m.thread === ts && m.buttons.includes('Approve'), { in: 'ops' });
    await eventually((page) => {
      expect(page.value('opsbot_requests', { state: 'pending' })).toBe(1);
      expect(page.sum('opsbot_requests')).toBe(1);
      expect(page.value('opsbot_request_oldest_age_seconds', { state: 'pending' })).toBeGreaterThan(0);
      // Its deadline, which is not due.
      expect(page.value('opsbot_queue_jobs', { queue: 'requests', state: 'delayed' })).toBeGreaterThan(0);
      expect(page.value('opsbot_queue_oldest_job_age_seconds', { queue: 'requests' })).toBe(0);
      expect(page.value('opsbot_queue_oldest_job_age_seconds', { queue: 'agent-default' })).toBe(0);
    });
  });

  it('says what the agent sees of the cluster, and when a watch begins anew', async () => {
    const before = await scrape();
    expect(before.value('opsbot_snapshot_objects', { kind: 'Pod' })).toBe(3);
    expect(before.value('opsbot_snapshot_complete', { cluster: 'default' })).toBe(1);
    expect(before.value('opsbot_lease_held', { cluster: 'default' })).toBe(1);
    expect(before.sum('opsbot_watch_restarts_total')).toBe(0);
    cluster.expireWatches();
    await eventually((page) => {
      const resources = before.samples('opsbot_watch_age_seconds').map(({ labels }) => labels.resource ?? '');
      expect(resources).toContain('pods');
      for (const resource of resources) {
        expect(page.value('opsbot_watch_restarts_total', { resource, reason: 'expired' })).toBe(1);
        expect(page.value('opsbot_watch_age_seconds', { cluster: 'default', resource })).toBeLessThan(60);
      }
    });
  });

  it('has a value of everything that opsbot itself measures', async () => {
    const own = [...(await scrape()).families.values()].filter(({ name }) => name.startsWith('opsbot_'));
    expect(own.length).toBeGreaterThan(30);
    expect(own.filter(({ samples }) => samples.length === 0)).toEqual([]);
  });

  it('says nothing of who, where and what: labels have few values', async () => {
    const page = await scrape();
    const series = [...page.families.values()].flatMap(({ samples }) => samples);
    const values = new Set(series.flatMap(({ labels }) => Object.values(labels)));
    for (const value of values) {
      expect(value).not.toMatch(/^[UCDT][A-Z0-9]+$|^[rijs]-[a-z0-9]{5}$|@|[0-9]{9}/);
      expect(value).not.toMatch(new RegExp(`${NAMESPACE}|${WORKLOAD}|something_new`));
    }
    const own = series.filter(({ name }) => name.startsWith('opsbot_'));
    const most = Math.max(...[...Map.groupBy(own, ({ name }) => name).values()].map((all) => all.length));
    expect(most).toBeLessThan(400);
  });

  it('answers two who ask at once', async () => {
    for (const page of await Promise.all([scrape(), scrape()])) {
      const labels = { version: '0.1.0', roles: 'hub,agent', cluster: 'default' };
      expect(page.value('opsbot_info', labels)).toBe(1);
      expect(page.value('opsbot_requests', { state: 'pending' })).toBe(1);
    }
  });

  it('is there while Redis hangs, and while it is gone, without what only Redis knows', async () => {
    const without = async () => {
      const page = parseExposition(await read(SCRAPE_MS));
      for (const role of ['hub', 'agent']) expect(page.value('opsbot_redis_up', { role })).toBe(0);
      for (const source of ['queues', 'requests', 'incidents']) {
        expect(page.value('opsbot_source_up', { source })).toBe(0);
      }
      for (const name of ['opsbot_queue_jobs', 'opsbot_requests', 'opsbot_incidents_unshown']) {
        expect(page.samples(name)).toEqual([]);
      }
      expect(page.value('opsbot_slack_connections')).toBe(2);
      expect(page.sum('opsbot_executions_total')).toBe(1);
    };
    const pauser = new Redis(redis.url);
    await pauser.client('PAUSE', 1_200);
    await without();
    pauser.disconnect();
    await opsbot.logged((line) => line.msg.includes('metrics cannot be read') && line.source === 'queues');
    await eventually((page) => expect(page.value('opsbot_source_up', { source: 'queues' })).toBe(1));
    await opsbot.logged((line) => line.msg.includes('metrics can be read again') && line.source === 'queues');

    await redis.kill9();
    await without();
    expect((await scrape()).value('opsbot_ready', { check: 'redis' })).toBe(0);
    await redis.restart();
    await eventually((page) => {
      expect(page.sum('opsbot_redis_up')).toBe(2);
      expect(page.value('opsbot_requests', { state: 'pending' })).toBe(1);
    });
  }, 40_000);
});
