import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLocalCluster } from '../support/cluster/local-cluster.ts';
import type { LocalCluster } from '../support/cluster/local-cluster-contract.ts';
import { type OpsbotProcess, startOpsbot } from '../support/opsbot.ts';
import { type OwnRedis, startOwnRedis } from '../support/redis.ts';
import { createLocalScene } from './scene/local-scene.ts';
import { shown } from './scene/shown.ts';
import { CHANNEL, type Sandbox, startSandbox } from './start-sandbox.ts';
import { type RunningWorker, startWorker } from './worker.ts';

const LONG = 60_000;
const PAUSE_MS = 50;

describe('the worker', () => {
  let cluster: LocalCluster;
  let redis: OwnRedis;
  let worker: RunningWorker;
  const started: OpsbotProcess[] = [];

  beforeAll(async () => {
    [cluster, redis] = await Promise.all([createLocalCluster(), startOwnRedis()]);
  });
  afterAll(async () => {
    await Promise.all([cluster.stop(), redis.stop()]);
  });
  afterEach(async () => {
    await worker.stop();
    started.length = 0;
  });

  function start(env: NodeJS.ProcessEnv = {}): RunningWorker {
    const parts = { REDIS_URL: redis.url, KUBECONFIG: cluster.kubeconfig(), OPSBOT_HTTP_PORT: '0' };
    worker = startWorker({
      pauseMs: PAUSE_MS,
      start() {
        const process = startOpsbot({ env: { ...parts, OPSBOT_ROLES: 'agent', ...env } });
        started.push(process);
        return process;
      },
    });
    return worker;
  }
  const becomes = (state: ReturnType<RunningWorker['state']>) =>
    shown(worker, () => {
      const { running, restarts } = worker.state();
      return (running === state.running && restarts === state.restarts) || undefined;
    });

  it('is started again however often it is killed, and says so', { timeout: LONG }, async () => {
    await start().ready;
    expect(worker.state()).toEqual({ running: true, restarts: 0 });
    for (let kills = 1; kills <= 4; kills += 1) {
      worker.kill();
      await becomes({ running: false, restarts: kills - 1 });
      expect(() => worker.kill()).toThrow('The worker does not run just now.');
      await becomes({ running: true, restarts: kills });
    }
    await started.at(-1)?.ready;
    await worker.stop();
    expect(await Promise.all(started.map(({ ended }) => ended))).toEqual([...Array(4).fill('SIGKILL'), 0]);
  });

  it('is started again after it died by itself, but not for ever', { timeout: LONG }, async () => {
    await start().ready;
    for (const restarts of [1, 2]) {
      await started.at(-1)?.kill9();
      await becomes({ running: true, restarts });
    }
    await started.at(-1)?.ready;
    await started.at(-1)?.kill9();
    const { how, log } = await worker.died;
    expect(how).toBe('SIGKILL');
    expect(log.map(({ msg }) => msg)).toContain('opsbot is running');
    expect(worker.state()).toEqual({ running: false, restarts: 2 });
    expect(started).toHaveLength(3);
  });

  it('is not started again where it has never been ready', async () => {
    const { how, log } = await start({ LOG_LEVEL: 'loudly' }).died;
    expect(how).toBe(1);
    expect(log.map(({ msg }) => msg).join(' ')).toContain('LOG_LEVEL');
    expect(started).toHaveLength(1);
  });

  it('is not started again once it was stopped', { timeout: LONG }, async () => {
    await start().ready;
    worker.kill();
    await becomes({ running: false, restarts: 0 });
    await worker.stop();
    await delay(3 * PAUSE_MS);
    expect(started).toHaveLength(1);
    expect(worker.state()).toEqual({ running: false, restarts: 0 });
  });
});

describe('the worker of the sandbox', () => {
  let folder: string;
  let sandbox: Sandbox;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'opsbot-worker-test-'));
    vi.stubEnv('TMPDIR', folder);
    const createScene = () => createLocalScene({ haste: 3 });
    sandbox = await startSandbox({ createScene, env: {}, signal: new AbortController().signal });
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  it('may be killed in the middle of a rollout: the request ends as Done all the same', { timeout: LONG }, async () => {
    const { slack, worker, opsbot } = sandbox;
    const bob = slack.person('bob');
    const { ts } = await slack.person('alice').mentions(CHANNEL, 'restart deployment nginx');
    const card = await bob.waitsFor((m) => m.thread === ts && m.buttons.includes('Approve'), {
      in: CHANNEL,
      timeoutMs: 10_000,
    });
    await bob.clicks('Approve', { on: card });
    const says = (text: string) =>
      bob.waitsFor((m) => m.ts === card.ts && m.text.includes(text), { in: CHANNEL, timeoutMs: LONG });
    await says('1 of 3 pods updated');
    worker.kill();
    await says('*Done*');
    expect(worker.state()).toEqual({ running: true, restarts: 1 });
    const ready = opsbot.log.filter(({ msg }) => msg === 'opsbot is running').map(({ role }) => role);
    expect(ready.toSorted()).toEqual(['agent', 'agent', 'hub']);
  });

  it('is gone with all the rest once the sandbox has ended', async () => {
    await sandbox[Symbol.asyncDispose]();
    expect(sandbox.worker.state()).toEqual({ running: false, restarts: 1 });
    expect(await readdir(folder)).toEqual([]);
  });
});
