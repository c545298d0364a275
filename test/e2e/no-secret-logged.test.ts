import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLocalCluster } from '../support/cluster/local-cluster.ts';
import type { LocalCluster } from '../support/cluster/local-cluster-contract.ts';
import { deployment } from '../support/cluster/manifests.ts';
import { type OpsbotProcess, startOpsbot } from '../support/opsbot.ts';
import { type OwnRedis, startOwnRedis } from '../support/redis.ts';
import { createLocalSlack, type LocalSlack } from '../support/slack/local-slack.ts';

const REDIS_PASSWORD = 'p@ss w/"rd+of-redis';
const CLUSTER_TOKEN = 'token-of-the-cluster-0123456789';
/** Words of people are no secrets of opsbot's; but the log is not the place that they were written for. */
const REASON = 'because the launch is confidential';
const TALK = 'nobody else should read what we say here';

let slack: LocalSlack;
let redis: OwnRedis;
let cluster: LocalCluster;
let admin: Redis;
let folder: string;
let mounted: NodeJS.ProcessEnv;

beforeAll(async () => {
  [slack, redis, cluster, folder] = await Promise.all([
    createLocalSlack(),
    startOwnRedis(),
    createLocalCluster({ token: CLUSTER_TOKEN }),
    mkdtemp(join(tmpdir(), 'opsbot-secrets-')),
  ]);
  cluster.apply(deployment('nginx', { namespace: 'default', replicas: 1 }));
  admin = new Redis(redis.url);
  await admin.config('SET', 'requirepass', REDIS_PASSWORD);
  const file = async (name: string, content: string) => {
    await writeFile(join(folder, name), `${content}\n`);
    return join(folder, name);
  };
  mounted = {
    SLACK_BOT_TOKEN_FILE: await file('bot-token', slack.botToken),
    SLACK_APP_TOKEN_FILE: await file('app-token', slack.appToken),
    SLACK_API_URL: slack.apiUrl,
    REDIS_URL_FILE: await file('redis-url', redis.url),
    REDIS_PASSWORD_FILE: await file('redis-password', REDIS_PASSWORD),
    KUBECONFIG: cluster.kubeconfig(),
    OPSBOT_HTTP_PORT: '0',
    LOG_LEVEL: 'trace',
  };
});
afterAll(async () => {
  admin.disconnect();
  await Promise.all([slack.close(), redis.stop(), cluster.stop()]);
  await rm(folder, { recursive: true });
});

/** All that opsbot wrote, stdout and stderr, without one of these in any form. */
function writtenWithout(opsbot: OpsbotProcess, more: readonly string[] = []): string {
  const text = opsbot.log.map((line) => JSON.stringify(line)).join('\n');
  for (const secret of [slack.botToken, slack.appToken, slack.signingSecret, REDIS_PASSWORD, CLUSTER_TOKEN, ...more]) {
    for (const form of formsOf(secret)) expect(text).not.toContain(form);
  }
  expect(text).not.toMatch(/ticket=(?!•)/);
  return text;
}

function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64');
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), base64, base64.replace(/=+$/, '')];
}

it('a start that Slack or Redis refuses writes none of them', async () => {
  const slacks = 'xoxb-000000000000-refused-by-slack';
  const refusedBySlack = startOpsbot({ env: { ...mounted, SLACK_BOT_TOKEN_FILE: undefined, SLACK_BOT_TOKEN: slacks } });
  const redisS = 'not+the/password of "redis"';
  const refusedByRedis = startOpsbot({
    env: { ...mounted, REDIS_PASSWORD_FILE: undefined, REDIS_PASSWORD: redisS },
  });
  expect(await Promise.all([refusedBySlack.ended, refusedByRedis.ended])).toEqual([1, 1]);
  expect(writtenWithout(refusedBySlack, [slacks])).toContain('Slack does not accept SLACK_BOT_TOKEN');
  const text = writtenWithout(refusedByRedis, [redisS]);
  expect(text).toContain('Redis does not accept the password. Check REDIS_PASSWORD');
  expect(text).toContain('WRONGPASS');
});

it('a life in which Slack, Redis and the cluster fail writes none of them, and nothing of what people say', async () => {
  const preload = new URL('fail-on-signal.ts', import.meta.url);
  const opsbot = startOpsbot({ env: { ...mounted, FAIL_WITH: REDIS_PASSWORD }, preload });
  await opsbot.ready;
  const [alice, bob] = [slack.person('alice'), slack.person('bob')];
  await alice.says('ops', TALK);
  const { ts } = await alice.mentions('ops', `scale deployment nginx 2 -n default --reason "${REASON}"`);
  const card = await bob.waitsFor((m) => m.thread === ts && m.buttons.includes('Approve'), { in: 'ops' });

  slack.fault({ kind: 'error500', method: 'users.info', times: 3 });
  slack.fault({ kind: 'lose-question', method: 'chat.update', times: 1 });
  await cluster.disconnect();
  await bob.clicks('Approve', { on: card });
  await opsbot.logged(({ level = 0 }) => level >= 40);

  await admin.config('SET', 'requirepass', 'another one');
  await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await opsbot.logged(({ err }) => String((err as { message?: unknown } | undefined)?.message).includes('WRONGPASS'));
  process.kill(opsbot.pid, 'SIGUSR2');
  expect(await opsbot.ended).toBe(1);
  expect(writtenWithout(opsbot, [REASON, TALK])).toContain('a fault that nobody caught');
});
