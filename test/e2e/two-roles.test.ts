import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLocalCluster } from '../support/cluster/local-cluster.ts';
import type { LocalCluster } from '../support/cluster/local-cluster-contract.ts';
import { deployment } from '../support/cluster/manifests.ts';
import { freePorts } from '../support/free-ports.ts';
import { type OpsbotProcess, startOpsbot } from '../support/opsbot.ts';
import { type OwnRedis, startOwnRedis } from '../support/redis.ts';
import { createLocalSlack, type LocalSlack } from '../support/slack/local-slack.ts';

/** From SIGTERM, in ms: well before the hub would look for itself. */
const HANDED_OVER_MS = 1_500;

/** ms by which a change may be held up on its way; longer than a silent agent is waited for. */
const LATE_MS = 12_000;
/** ms between two polls of a test. */
const POLLED_MS = 100;

/** The hub has no way to the cluster, the agent none to Slack: all that passes between them passes through Redis. */
describe('hub and agent as processes of their own', () => {
  let redis: OwnRedis;
  let slack: LocalSlack;
  let cluster: LocalCluster;
  let hub: OpsbotProcess;
  let agent: OpsbotProcess;
  let ports: number[];
  const nginx = { kind: 'Deployment', namespace: 'default', name: 'nginx' };

  const startAgent = (port = 0) =>
    startOpsbot({
      env: {
        OPSBOT_ROLES: 'agent',
        REDIS_URL: redis.url,
        KUBECONFIG: cluster.kubeconfig(),
        OPSBOT_HTTP_PORT: String(port),
      },
    });

  beforeAll(async () => {
    [redis, slack, cluster] = await Promise.all([startOwnRedis(), createLocalSlack(), createLocalCluster()]);
    cluster.apply(deployment('nginx', { namespace: 'default', replicas: 3 }));
    ports = await freePorts(2);
    agent = startAgent(ports[1]);
    hub = startOpsbot({
      env: {
        OPSBOT_ROLES: 'hub',
        SLACK_BOT_TOKEN: slack.botToken,
        SLACK_APP_TOKEN: slack.appToken,
        SLACK_API_URL: slack.apiUrl,
        REDIS_URL: redis.url,
        OPSBOT_HTTP_PORT: String(ports[0]),
      },
    });
    await Promise.all([agent.ready, hub.ready]);
  });
  afterEach(() => expect(slack.violations).toEqual([]));
  afterAll(async () => {
    expect(await Promise.all([hub.stop(), agent.stop()])).toEqual([0, 0]);
    await Promise.all([slack.close(), cluster.stop(), redis.stop()]);
  });

  async function approved(replicas: number) {
    const said = await slack.person('alice').mentions('ops', `scale deployment nginx ${replicas}`);
    const bob = slack.person('bob');
    const card = await bob.waitsFor((m) => m.thread === said.ts && m.buttons.includes('Approve'), { in: 'ops' });
    await bob.clicks('Approve', { on: card });
    return {
      lines: () => bob.thread(said).map(({ text }) => text),
      shows: (text: string, timeoutMs = 15_000) =>
        bob.waitsFor((m) => m.ts === card.ts && m.text.includes(text), { in: 'ops', timeoutMs }),
    };
  }

  async function scale(replicas: number): Promise<void> {
    const { shows } = await approved(replicas);
    await shows('*Done*');
    expect(cluster.get(nginx)?.spec.replicas).toBe(replicas);
  }

  it('carry out a change together', () => scale(5), 20_000);

  it('say each at /readyz what is away, and live on', async () => {
    const page = async (port: number | undefined, path: string) =>
      (await fetch(`http://127.0.0.1:${port}${path}`)).json() as Promise<{ status: string; problems?: object }>;
    const problems = () => Promise.all(ports.map(async (port) => (await page(port, '/readyz')).problems));
    const soon = { timeout: 10_000 };
    await expect.poll(problems, soon).toEqual([undefined, undefined]);
    redis.hang();
    const hung = { redis: 'Redis does not answer' };
    await expect.poll(problems, soon).toEqual([hung, hung]);
    expect(await Promise.all(ports.map((port) => page(port, '/healthz')))).toEqual([
      { status: 'ok' },
      { status: 'ok' },
    ]);
    redis.wake();
    await cluster.disconnect();
    const away = { cluster: expect.stringContaining('does not answer') };
    await expect.poll(problems, soon).toEqual([undefined, away]);
    await cluster.start();
    await expect.poll(problems, soon).toEqual([undefined, undefined]);
  }, 40_000);

  it('show the cluster on Home', async () => {
    const alice = slack.person('alice');
    await alice.opensHome();
    await slack.waitFor(() => alice.home()?.text.includes('Pods: 5'), { timeoutMs: 15_000 });
  }, 20_000);

  it('go on when the agent is replaced, without losing what was asked in between', async () => {
    await agent.stop();
    const { ts } = await slack.person('alice').mentions('ops', 'scale deployment nginx 2');
    const bob = slack.person('bob');
    const notice = await bob.waitsFor((m) => m.thread === ts && m.by !== 'UALICE', { in: 'ops' });
    expect(notice.text).toContain('Scale deployment nginx');
    expect(notice.buttons).toEqual([]);
    const why = 'No agent of cluster default has taken this up yet. It waits until';
    await bob.waitsFor((m) => m.ts === notice.ts && m.text.includes(why), { in: 'ops', timeoutMs: 15_000 });
    agent = startAgent();
    const card = await bob.waitsFor((m) => m.thread === ts && m.buttons.includes('Approve'), {
      in: 'ops',
      timeoutMs: 15_000,
    });
    await bob.clicks('Approve', { on: card });
    await bob.waitsFor((m) => m.ts === card.ts && m.text.includes('*Done*'), { in: 'ops', timeoutMs: 15_000 });
    expect(cluster.get(nginx)?.spec.replicas).toBe(2);
  }, 40_000);

  it('hand a rollout that is under way over to another agent at once', async () => {
    cluster.unschedulable(nginx);
    const { lines, shows } = await approved(4);
    const progress =
      (await shows(' of 4 pods')).text.match(/. of 4 pods.*/)?.[0] ?? expect.fail('there is no progress');
    const spare = startAgent();
    await spare.ready;
    const from = performance.now();
    const stopped = agent.stop();
    await spare.logged(({ msg, order }) => msg === 'order taken' && order === 'execute');
    const ms = performance.now() - from;
    console.log(`from SIGTERM until another agent follows: ${Math.round(ms)} ms`);
    expect(ms).toBeLessThan(HANDED_OVER_MS);
    expect(await stopped).toBe(0);
    agent = spare;
    expect((await shows(' of 4 pods')).text, 'what was seen so far stays').toContain(progress);
    cluster.recover(nginx);
    await shows('*Done*');
    expect(lines().filter((line) => line.includes('Started.'))).toHaveLength(1);
  }, 40_000);

  it('change once what one agent falls asleep over and another takes up', async () => {
    const of = { method: 'PATCH', path: '/deployments/nginx' };
    const before = cluster.record.changesOf(nginx).length;
    // It arrives when the other agent has sent its own.
    const late = cluster.fault({ kind: 'delay', ms: LATE_MS }, of);
    const { shows } = await approved(6);
    await expect.poll(late.hits).toBe(1);
    const from = Date.now() - POLLED_MS;
    process.kill(agent.pid, 'SIGSTOP');
    const spare = startAgent();
    try {
      await shows('*Done*', 20_000);
      const arrived = () => cluster.record.writes.find(({ verb, time }) => verb === 'patch' && time >= from + LATE_MS);
      await expect.poll(() => arrived()?.status, { timeout: 15_000 }).toBe(409);
    } finally {
      process.kill(agent.pid, 'SIGCONT');
    }
    await agent.logged(({ msg, order }) => msg === 'order done' && order === 'execute');
    expect(await agent.stop()).toBe(0);
    agent = spare;
    expect(cluster.record.changesOf(nginx).length - before).toBe(1);
    expect(cluster.get(nginx)?.spec.replicas).toBe(6);
  }, 60_000);
});
