import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLocalCluster } from '../support/cluster/local-cluster.ts';
import type { LocalCluster } from '../support/cluster/local-cluster-contract.ts';
import { deployment } from '../support/cluster/manifests.ts';
import { type OpsbotProcess, startOpsbot } from '../support/opsbot.ts';
import { type OwnRedis, startOwnRedis } from '../support/redis.ts';
import { createLocalSlack, type LocalSlack } from '../support/slack/local-slack.ts';

/** The hub has no way to the cluster, the agent none to Slack: all that passes between them passes through Redis. */
describe('hub and agent as processes of their own', () => {
  let redis: OwnRedis;
  let slack: LocalSlack;
  let cluster: LocalCluster;
  let hub: OpsbotProcess;
  let agent: OpsbotProcess;
  const nginx = { kind: 'Deployment', namespace: 'default', name: 'nginx' };

  const startAgent = () =>
    startOpsbot({
      env: {
        OPSBOT_ROLES: 'agent',
        REDIS_URL: redis.url,
        KUBECONFIG: cluster.kubeconfig(),
        OPSBOT_HTTP_PORT: '0',
      },
    });

  beforeAll(async () => {
    [redis, slack, cluster] = await Promise.all([startOwnRedis(), createLocalSlack(), createLocalCluster()]);
    cluster.apply(deployment('nginx', { namespace: 'default', replicas: 3 }));
    agent = startAgent();
    hub = startOpsbot({
      env: {
        OPSBOT_ROLES: 'hub',
        SLACK_BOT_TOKEN: slack.botToken,
        SLACK_APP_TOKEN: slack.appToken,
        SLACK_API_URL: slack.apiUrl,
        REDIS_URL: redis.url,
        OPSBOT_HTTP_PORT: '0',
      },
    });
    await Promise.all([agent.ready, hub.ready]);
  });
  afterEach(() => expect(slack.violations).toEqual([]));
  afterAll(async () => {
    expect(await Promise.all([hub.stop(), agent.stop()])).toEqual([0, 0]);
    await Promise.all([slack.close(), cluster.stop(), redis.stop()]);
  });

  async function scale(replicas: number): Promise<void> {
    const { ts } = await slack.person('alice').mentions('ops', `scale deployment nginx ${replicas}`);
    const bob = slack.person('bob');
    const card = await bob.waitsFor((m) => m.thread === ts && m.buttons.includes('Approve'), { in: 'ops' });
    await bob.clicks('Approve', { on: card });
    await bob.waitsFor((m) => m.ts === card.ts && m.text.includes('*Done*'), { in: 'ops', timeoutMs: 15_000 });
    expect(cluster.get(nginx)?.spec.replicas).toBe(replicas);
  }

  it('carry out a change together', () => scale(5), 20_000);

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
    agent = startAgent();
    const card = await bob.waitsFor((m) => m.thread === ts && m.buttons.includes('Approve'), {
      in: 'ops',
      timeoutMs: 15_000,
    });
    await bob.clicks('Approve', { on: card });
    await bob.waitsFor((m) => m.ts === card.ts && m.text.includes('*Done*'), { in: 'ops', timeoutMs: 15_000 });
    expect(cluster.get(nginx)?.spec.replicas).toBe(2);
  }, 40_000);
});
