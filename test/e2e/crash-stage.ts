import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kit } from '../support/cluster/kit.ts';
import { writeKubeconfig } from '../support/cluster/kubeconfig.ts';
import { type OpsbotProcess, startOpsbot } from '../support/opsbot.ts';
import { startOwnRedis } from '../support/redis.ts';
import { createLocalSlack } from '../support/slack/local-slack.ts';
import { createGate, type Line } from './crash-gate.ts';
import { startHttpLine } from './crash-http-line.ts';
import { startRedisLine } from './crash-redis-line.ts';

/** Slack sends an event again as soon as somebody may have started opsbot again; in ms. */
const EVENT_RETRIES_MS = [0, ...Array<number>(40).fill(500)];

export interface CrashOptions {
  /** The step before which the process is killed; undefined: it lives. */
  crashBefore: string | undefined;
  /** What happens while opsbot is away. */
  meanwhile?: () => Promise<unknown>;
}

/**
 * opsbot between a Redis and a Slack of its own and the kit's cluster, reached through lines that know its steps. It
 * is killed before one of them and started again, with nothing in between any more.
 */
export async function raiseCrashStage(kit: Kit, { crashBefore, meanwhile }: CrashOptions) {
  const [redis, slack] = await Promise.all([startOwnRedis(), createLocalSlack({ retryAfterMs: EVENT_RETRIES_MS })]);
  const crash = Promise.withResolvers<void>();
  const gate = createGate(crashBefore, crash.resolve);
  const lines = await Promise.all([
    startRedisLine(redis.url, gate),
    startHttpLine({ url: slack.apiUrl }, gate),
    startHttpLine(kit.endpoint, gate),
  ]);
  const [redisLine, slackLine, clusterLine] = lines as [Line, Line, Line];
  const tapped = { url: clusterLine.url, token: kit.endpoint.token };
  const kubeconfig = writeKubeconfig(join(tmpdir(), `opsbot-crash-${randomUUID()}`), tapped);

  const start = (redisUrl: string, apiUrl: string, config: string): OpsbotProcess =>
    startOpsbot({
      bundle: true,
      env: {
        SLACK_BOT_TOKEN: slack.botToken,
        SLACK_APP_TOKEN: slack.appToken,
        SLACK_API_URL: apiUrl,
        REDIS_URL: redisUrl,
        KUBECONFIG: config,
        OPSBOT_HTTP_PORT: '0',
        LOG_LEVEL: 'info',
      },
    });

  let opsbot = start(redisLine.url, slackLine.url, kubeconfig);
  await opsbot.ready;

  let revivedAt: number | undefined;
  /** Resolves once it runs again; never, where it does not crash. */
  const revived = crash.promise.then(async () => {
    await opsbot.kill9();
    await meanwhile?.();
    opsbot = start(redis.url, slack.apiUrl, kit.kubeconfig());
    await opsbot.ready;
    revivedAt = performance.now();
  });
  revived.catch(() => undefined); // whoever waits for it sees it

  return {
    slack,
    redisUrl: redis.url,
    /** What has left before the crash. */
    steps: gate.steps,
    isCrashed: () => gate.isShut,
    /** ms since opsbot was ready again; undefined where it did not crash. */
    sinceRevival: () => (revivedAt === undefined ? undefined : performance.now() - revivedAt),
    revived,
    async stop() {
      await opsbot.kill9();
      await Promise.all([slack.close(), redis.stop(), ...lines.map((line) => line.close())]);
    },
  };
}

export type CrashStage = Awaited<ReturnType<typeof raiseCrashStage>>;
