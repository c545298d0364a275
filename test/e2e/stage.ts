import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Endpoint } from '../support/cluster/http-client.ts';
import { writeKubeconfig } from '../support/cluster/kubeconfig.ts';
import type { ClusterKit } from '../support/clusters.ts';
import { freePorts } from '../support/free-ports.ts';
import { type LogLine, type OpsbotProcess, startOpsbot } from '../support/opsbot.ts';
import { type OwnRedis, startOwnRedis } from '../support/redis.ts';
import { createLocalSlack, type LocalSlack } from '../support/slack/local-slack.ts';

export interface StageOptions {
  transport?: 'socket' | 'http';
  /** The configuration file's YAML; made when the cluster is there. */
  config?: () => string | Promise<string>;
  /**
   * The namespace that opsbot is in; default `default`. Its Lease is there, so where several share a cluster only one
   * of those in the same namespace tells what is in trouble.
   */
  home?: () => string | Promise<string>;
  /** Who opsbot is for the cluster; default: somebody who may do everything. */
  as?: () => Endpoint | Promise<Endpoint>;
}

/** pino's number for an error. */
const ERROR = 50;

async function raise(kit: ClusterKit, { transport = 'socket', config, home, as }: StageOptions) {
  const folder = await mkdtemp(join(tmpdir(), 'opsbot-stage-'));
  const manifest = JSON.parse(await readFile(new URL('../../manifest.json', import.meta.url), 'utf8'));
  const [redis, slack, [port]] = await Promise.all([startOwnRedis(), createLocalSlack({ manifest }), freePorts(1)]);
  const env: NodeJS.ProcessEnv = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_API_URL: slack.apiUrl,
    REDIS_URL: redis.url,
    KUBECONFIG: writeKubeconfig(join(folder, 'kubeconfig'), (await as?.()) ?? kit.endpoint, await home?.()),
    OPSBOT_HTTP_PORT: '0',
    LOG_LEVEL: 'info',
    ...(transport === 'socket'
      ? { SLACK_APP_TOKEN: slack.appToken }
      : { SLACK_SIGNING_SECRET: slack.signingSecret, PORT: String(port) }),
  };
  if (config) {
    env.OPSBOT_CONFIG = join(folder, 'opsbot.yaml');
    await writeFile(env.OPSBOT_CONFIG, await config());
  }
  const opsbot = startOpsbot({ env });
  await opsbot.ready;
  if (transport === 'http') slack.useHttp(`http://127.0.0.1:${port}/slack/events`);
  return { folder, redis, slack, env, opsbot };
}

/**
 * Everything that a test by the front door needs, for all tests of a suite: a Redis of its own, a Slack, and opsbot as its
 * own process on the suite's cluster. After each test it holds whatever happened to what is always true: Slack would have
 * taken every call, nobody was paged, and opsbot logged no error.
 */
export function useStage(kit: ClusterKit, options: StageOptions = {}) {
  let running: Awaited<ReturnType<typeof raise>> | undefined;
  const use = () => {
    if (running === undefined) throw new Error('the stage is there only inside of hooks and tests');
    return running;
  };
  let hasCrashed = false;
  const forgiven = new Set<LogLine>();
  const takeErrors = (): LogLine[] => {
    const found = use().opsbot.log.filter((line) => (line.level ?? 0) >= ERROR && !forgiven.has(line));
    for (const line of found) forgiven.add(line);
    return found;
  };

  beforeAll(async () => {
    running = await raise(kit, options);
  });
  afterEach(() => {
    // Taken, so that a test that fails here does not take the next ones along.
    const violations = use().slack.takeViolations();
    // What was on its way to a process that was killed is sent again.
    expect(violations.filter(({ kind }) => kind !== 'no-ack' || !hasCrashed)).toEqual([]);
    hasCrashed = false;
    expect(use().slack.broadcasts).toEqual([]);
    expect(takeErrors()).toEqual([]);
  });
  afterAll(async () => {
    if (running === undefined) return;
    const { opsbot, slack, redis, folder } = running;
    const code = await opsbot.stop();
    await slack.close();
    await redis.stop();
    await rm(folder, { recursive: true });
    expect(code).toBe(0);
  });

  async function startAgain(preload?: URL): Promise<void> {
    const before = use();
    const opsbot = startOpsbot({ env: before.env, ...(preload ? { preload } : {}) });
    running = { ...before, opsbot };
    await opsbot.ready;
  }

  const person = (name: string) => use().slack.person(name);
  return {
    get slack(): LocalSlack {
      return use().slack;
    },
    get opsbot(): OpsbotProcess {
      return use().opsbot;
    },
    get redis(): OwnRedis {
      return use().redis;
    },
    get env(): NodeJS.ProcessEnv {
      return use().env;
    },
    get alice() {
      return person('alice');
    },
    get bob() {
      return person('bob');
    },
    get carol() {
      return person('carol');
    },
    person,
    /** Ends opsbot and starts it again on the same Redis, Slack and cluster; `preload` is loaded into it first. */
    async restart(preload?: URL): Promise<void> {
      expect(await use().opsbot.stop()).toBe(0);
      await startAgain(preload);
    },
    /** Kills opsbot in whatever it does, and starts it again. */
    async crash(): Promise<void> {
      hasCrashed = true;
      await use().opsbot.kill9();
      await startAgain();
    },
    /** The errors logged so far, which are forgiven by that: for a test that provokes them. */
    takeErrors,
  };
}

export type Stage = ReturnType<typeof useStage>;
