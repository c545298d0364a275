import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLocalCluster } from '../support/clusters.ts';
import { environmentOf, startOpsbot } from '../support/opsbot.ts';
import { type OwnRedis, startOwnRedis } from '../support/redis.ts';
import { createLocalSlack, type LocalSlack } from '../support/slack/local-slack.ts';

/** What an operator sees who starts opsbot with something wrong: sentences, all of them at once, and an end. */
describeLocalCluster('a start that cannot succeed, or not at once', (kit) => {
  let slack: LocalSlack;
  let redis: OwnRedis;
  let folder: string;
  beforeAll(async () => {
    [slack, redis, folder] = await Promise.all([
      createLocalSlack(),
      startOwnRedis(),
      mkdtemp(join(tmpdir(), 'opsbot-startup-')),
    ]);
  });
  afterAll(async () => {
    await slack.close();
    await redis.stop();
    await rm(folder, { recursive: true });
  });

  const environment = (): NodeJS.ProcessEnv => environmentOf({ slack, redis, kubeconfig: kit.kubeconfig() });

  async function failure(changes: NodeJS.ProcessEnv = {}): Promise<string> {
    const env = { ...environment(), LOG_LEVEL: 'error', ...changes };
    const opsbot = startOpsbot({ env });
    expect(await opsbot.ended).toBe(1);
    const text = opsbot.log.map(({ msg }) => msg).join('\n');
    expect(text).toContain('opsbot cannot start.');
    expect(text).not.toMatch(/\bat .+:\d+:\d+/);
    return text;
  }

  it.each([
    ['SLACK_BOT_TOKEN', 'xoxb-wrong', 'invalid_auth', 'bot token (xoxb-…)'],
    ['SLACK_APP_TOKEN', 'xapp-wrong', 'invalid_auth', 'app-level token (xapp-…) with connections:write'],
  ])('says that Slack does not accept %s, and which one is needed', async (variable, value, code, advice) => {
    const text = await failure({ [variable]: value });
    expect(text).toContain(`Slack does not accept ${variable} (${code}).`);
    expect(text).toContain(advice);
    expect(text).not.toContain(value);
  });

  it('lists every problem of the environment and the file at once, with no secret in it', async () => {
    const path = join(folder, 'opsbot.yaml');
    await writeFile(path, 'channels: { requests: ops }\npolicy:\n  - match: { action: scael }\n    approvals: 0\n');
    const text = await failure({
      SLACK_BOT_TOKEN: 'xapp-swapped-secret',
      SLACK_APP_TOKEN: undefined,
      REDIS_URL: 'http://redis',
      KUBECONFIG: join(folder, 'missing'),
      OPSBOT_CLUSTER: 'Prod EU',
      OPSBOT_CONFIG: path,
    });
    for (const problem of [
      /SLACK_BOT_TOKEN.*needed is a bot token/,
      /SLACK_APP_TOKEN.*SLACK_SIGNING_SECRET/,
      /REDIS_URL/,
      /KUBECONFIG.*missing/,
      /OPSBOT_CLUSTER/,
      /channels\.requests \("ops"\).*channel id/,
      /approvals.*whole number from 1 to 20/,
    ]) {
      expect(text).toMatch(problem);
    }
    expect(text).not.toContain('swapped-secret');
  });

  it('says that Redis does not answer', async () => {
    const text = await failure({ REDIS_URL: 'redis://127.0.0.1:1' });
    expect(text).toContain('Redis does not answer. Check REDIS_URL, and that Redis runs there.');
  });

  it('waits for its turn where Slack holds it back', async () => {
    slack.fault({ kind: 'ratelimited', retryAfter: 1, times: 2 });
    const opsbot = startOpsbot({ env: environment() });
    await opsbot.ready;
    await opsbot.kill9();
  });

  it('says so where that would take minutes', async () => {
    slack.fault({ kind: 'ratelimited', retryAfter: 120 });
    expect(await failure()).toContain('Slack is holding opsbot back just now. Start it again in 120 s.');
  });
});
