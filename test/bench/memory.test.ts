import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentOf, type OpsbotProcess, startOpsbot } from '../support/opsbot.ts';
import { type OwnRedis, startOwnRedis } from '../support/redis.ts';
import { createLocalSlack, type LocalSlack } from '../support/slack/local-slack.ts';
import { residentMiB, startLargeCluster } from './large-cluster.ts';

/** The limit of the classic opsbot Deployment, in MiB. */
const LIMIT_MIB = 128;
const SIZE = { deployments: 1_000, nodes: 100 };

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

describe('memory at 10,000 pods', () => {
  let redis: OwnRedis;
  let slack: LocalSlack;
  let cluster: Awaited<ReturnType<typeof startLargeCluster>>;
  let opsbot: OpsbotProcess;

  beforeAll(async () => {
    execFileSync(process.execPath, [path('deploy/build.ts')]);
    [redis, slack, cluster] = await Promise.all([startOwnRedis(), createLocalSlack(), startLargeCluster(SIZE)]);
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
    const [peak, now] = [residentMiB(opsbot.pid, 'VmHWM'), residentMiB(opsbot.pid, 'VmRSS')];
    console.log(`memory: peak ${peak} MiB, then ${now} MiB; Home complete after ${complete.toFixed(0)} ms`);
    expect(peak).toBeLessThan(LIMIT_MIB);
  }, 30_000);
});
