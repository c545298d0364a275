import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createLocalCluster } from '../support/cluster/local-cluster.ts';
import { deployment } from '../support/cluster/manifests.ts';
import { endWithUs } from '../support/end-with-us.ts';
import { freePorts } from '../support/free-ports.ts';
import { startOwnRedis } from '../support/redis.ts';
import { createLocalSlack } from '../support/slack/local-slack.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** As an operator runs it: the bundle, both roles, health on a port, ended by SIGTERM to npm. */
it('npm start carries out a change, says that it is ready, and ends in good order', async () => {
  const [redis, slack, cluster, [port]] = await Promise.all([
    startOwnRedis(),
    createLocalSlack(),
    createLocalCluster(),
    freePorts(1),
  ]);
  cluster.apply(deployment('nginx', { namespace: 'default', replicas: 3 }));
  const npm = spawn('npm', ['start'], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
      REDIS_URL: redis.url,
      KUBECONFIG: cluster.kubeconfig(),
      OPSBOT_HTTP_PORT: String(port),
    },
  });
  endWithUs(npm, { group: true });
  const ended = once(npm, 'close');
  try {
    const lines = createInterface({ input: npm.stdout });
    for await (const line of lines) if (line.includes('opsbot is running')) break;

    const { ts } = await slack.person('alice').mentions('ops', 'scale deployment nginx 4');
    const bob = slack.person('bob');
    const card = await bob.waitsFor((m) => m.thread === ts && m.buttons.includes('Approve'), { in: 'ops' });
    await bob.clicks('Approve', { on: card });
    await bob.waitsFor((m) => m.ts === card.ts && m.text.includes('*Done*'), { in: 'ops', timeoutMs: 20_000 });
    expect(cluster.get({ kind: 'Deployment', namespace: 'default', name: 'nginx' })?.spec.replicas).toBe(4);

    const status = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
    expect([await status('/healthz'), await status('/readyz'), await status('/elsewhere')]).toEqual([200, 200, 404]);
    await redis.kill9();
    await expect.poll(() => status('/readyz'), { timeout: 15_000 }).toBe(503);
    expect(await status('/healthz')).toBe(200);
    await redis.restart();
    await expect.poll(() => status('/readyz'), { timeout: 15_000 }).toBe(200);
    expect(slack.violations).toEqual([]);

    npm.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
  } finally {
    if (npm.exitCode === null && npm.signalCode === null && npm.pid) process.kill(-npm.pid, 'SIGKILL');
    await Promise.all([slack.close(), cluster.stop(), redis.stop()]);
  }
}, 90_000);
