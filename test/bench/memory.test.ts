import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentOf, type OpsbotProcess, startOpsbot } from '../support/opsbot.ts';
import { type OwnRedis, startOwnRedis } from '../support/redis.ts';
import { createLocalSlack, type LocalSlack } from '../support/slack/local-slack.ts';

/** The limit of the classic opsbot Deployment, in MiB. */
const LIMIT_MIB = 128;
const SIZE = { deployments: 1_000, 'pods-per-deployment': 10, nodes: 100, 'pod-bytes': 14_000 };

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

/** A large cluster in a process of its own, so that its memory is not counted. */
async function startLargeCluster() {
  const serve = path('test/support/cluster/serve.ts');
  const flags = Object.entries(SIZE).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [serve, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    kubeconfig: (JSON.parse(line) as { kubeconfig: string }).kubeconfig,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'close');
    },
  };
}

/** Resident memory in MiB as the kernel counts it: `VmHWM` is the peak. */
function residentMiB(pid: number, field: 'VmHWM' | 'VmRSS'): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1]) / 1024;
}

describe('memory at 10,000 pods', () => {
  let redis: OwnRedis;
  let slack: LocalSlack;
  let cluster: Awaited<ReturnType<typeof startLargeCluster>>;
  let opsbot: OpsbotProcess;

  beforeAll(async () => {
    execFileSync(process.execPath, [path('deploy/build.ts')]);
    [redis, slack, cluster] = await Promise.all([startOwnRedis(), createLocalSlack(), startLargeCluster()]);
    opsbot = startOpsbot({
      bundle: true,
      env: environmentOf({ slack, redis, kubeconfig: cluster.kubeconfig }),
    });
    await opsbot.ready;
  }, 120_000);
  afterAll(async () => {
    await opsbot.stop();
    await Promise.all([slack.close(), cluster.stop(), redis.stop()]);
  });

  it(`stays below ${LIMIT_MIB} MiB resident at its peak, both roles in one process`, async () => {
    const alice = slack.person('alice');
    const startedAt = performance.now();
    await alice.opensHome();
    await slack.waitFor(() => /Pods: 10,?000/.test(alice.home()?.text ?? ''), {
      timeoutMs: 20_000,
      what: () => 'Home with all pods',
    });
    const complete = performance.now() - startedAt;
    await alice.mentions('ops', 'pods team-1');
    await alice.waitsFor(({ text, by }) => by !== alice.id && text.includes('pods in team-1'), { in: 'ops' });
    const [peak, now] = [residentMiB(opsbot.pid, 'VmHWM'), residentMiB(opsbot.pid, 'VmRSS')].map(Math.round);
    console.log(`memory: peak ${peak} MiB, then ${now} MiB; Home complete after ${complete.toFixed(0)} ms`);
    expect(peak).toBeLessThan(LIMIT_MIB);
  }, 30_000);
});
