import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kit } from '../support/cluster/kit.ts';
import { writeKubeconfig } from '../support/cluster/kubeconfig.ts';
import { type OpsbotProcess, startOpsbot } from '../support/opsbot.ts';
import { startOwnRedis } from '../support/redis.ts';
import { createLocalSlack } from '../support/slack/local-slack.ts';
import { type CrashPoint, createGate, type Gate, type Line } from './crash-gate.ts';
import { startHttpLine } from './crash-http-line.ts';
import { startRedisLine } from './crash-redis-line.ts';
import type { CreateStepNames } from './crash-redis-steps.ts';

/** Slack sends an event again as soon as somebody may have started opsbot again; in ms. */
const EVENT_RETRIES_MS = [0, ...Array<number>(40).fill(500)];

export interface CrashOptions {
  /** One process after the other: each dies at its point, and the one after them lives. */
  crashes: readonly CrashPoint[];
  /** What happens after the first crash, before opsbot is started again. */
  meanwhile?: (() => Promise<unknown>) | undefined;
  /** The configuration file's YAML. */
  config?: string | undefined;
  /** The namespace that opsbot is in, and its Lease; default `default`. */
  home?: string | undefined;
  /** Which commands to Redis are steps; default: those about requests. */
  redisSteps?: CreateStepNames | undefined;
}

/**
 * opsbot between a Redis and a Slack of its own and the kit's cluster. Those that are to die reach them through lines
 * that know their steps; the last one directly.
 */
export async function raiseCrashStage(kit: Kit, options: CrashOptions) {
  const { crashes, meanwhile, config, home, redisSteps } = options;
  const [redis, slack] = await Promise.all([startOwnRedis(), createLocalSlack({ retryAfterMs: EVENT_RETRIES_MS })]);
  const folder = await mkdtemp(join(tmpdir(), 'opsbot-crash-'));
  const configPath = join(folder, 'opsbot.yaml');
  if (config !== undefined) await writeFile(configPath, config);
  const gates: Gate[] = [];
  const lines: Line[] = [];
  let opsbot: OpsbotProcess;
  let startedAt = performance.now();
  let ready: Promise<void>;

  async function start(redisUrl: string, apiUrl: string, kubeconfig: string): Promise<void> {
    opsbot = startOpsbot({
      bundle: true,
      env: {
        SLACK_BOT_TOKEN: slack.botToken,
        SLACK_APP_TOKEN: slack.appToken,
        SLACK_API_URL: apiUrl,
        REDIS_URL: redisUrl,
        KUBECONFIG: kubeconfig,
        OPSBOT_HTTP_PORT: '0',
        LOG_LEVEL: 'info',
        ...(config === undefined ? {} : { OPSBOT_CONFIG: configPath }),
      },
    });
    await opsbot.ready;
    startedAt = performance.now();
  }

  async function startTapped(gate: Gate): Promise<void> {
    const [toRedis, toSlack, toCluster] = await Promise.all([
      startRedisLine(redis.url, gate, redisSteps),
      startHttpLine({ url: slack.apiUrl }, gate),
      startHttpLine(kit.endpoint, gate),
    ]);
    lines.push(toRedis, toSlack, toCluster);
    const tapped = { url: toCluster.url, token: kit.endpoint.token };
    const kubeconfig = writeKubeconfig(join(folder, `kubeconfig-${gates.length}`), tapped, home);
    await start(toRedis.url, toSlack.url, kubeconfig);
  }

  /** The process that dies at this point, or the one that lives. */
  async function live(life: number): Promise<void> {
    const point = crashes[life];
    if (!point) return start(redis.url, slack.apiUrl, writeKubeconfig(join(folder, 'kubeconfig'), kit.endpoint, home));
    const gate = createGate(point, () => {
      ready = comeBack(life);
      ready.catch(() => undefined); // whoever waits for it sees it
    });
    gates.push(gate);
    try {
      await startTapped(gate);
    } catch (error) {
      if (!gate.isShut) throw error;
      // It died before it ran.
      await ready;
    }
  }

  async function comeBack(life: number): Promise<void> {
    await opsbot.kill9();
    if (life === 0) await meanwhile?.();
    await live(life + 1);
  }

  ready = live(0);
  await ready;

  return {
    slack,
    redisUrl: redis.url,
    /** Resolves once it runs (again). */
    ready: () => ready,
    /** What the first process did. */
    steps: () => [...(gates[0]?.steps ?? [])],
    crashed: () => gates.filter(({ isShut }) => isShut).length,
    /** ms since opsbot was last ready. */
    sinceStart: () => performance.now() - startedAt,
    async stop() {
      await opsbot.kill9();
      await Promise.all([slack.close(), redis.stop(), ...lines.map((line) => line.close())]);
      await rm(folder, { recursive: true });
    },
  };
}

export type CrashStage = Awaited<ReturnType<typeof raiseCrashStage>>;
