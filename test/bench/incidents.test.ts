import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalCluster } from '../support/cluster/local-cluster.ts';
import type { LocalCluster } from '../support/cluster/local-cluster-contract.ts';
import { seed } from '../support/cluster/seed.ts';
import { storm } from '../support/cluster/storm.ts';
import { environmentOf, type OpsbotProcess, startOpsbot } from '../support/opsbot.ts';
import { type OwnRedis, startOwnRedis } from '../support/redis.ts';
import { createLocalSlack, type LocalSlack } from '../support/slack/local-slack.ts';
import { createRandom } from '../support/slack/random.ts';

const LIMIT_MS = 300;
const INCIDENTS = 40;
/** Enough that no post has to wait for the one before it: a channel takes one a second. */
const CHANNELS = 20;
const SEED = 20_260_101;

const channelOf = (index: number) => `CTEAM${String(index % CHANNELS).padStart(3, '0')}`;

describe('from a status change to the post in Slack', () => {
  let redis: OwnRedis;
  let slack: LocalSlack;
  let cluster: LocalCluster;
  let folder: string;
  let opsbot: OpsbotProcess;

  beforeAll(async () => {
    execFileSync(process.execPath, [fileURLToPath(new URL('../../deploy/build.ts', import.meta.url))]);
    [redis, slack, cluster, folder] = await Promise.all([
      startOwnRedis(),
      createLocalSlack(),
      createLocalCluster({ nodes: 0 }),
      mkdtemp(join(tmpdir(), 'opsbot-bench-')),
    ]);
    seed(cluster, { deployments: INCIDENTS, podsPerDeployment: 25, nodes: 10, namespaces: CHANNELS });
    const teams = Array.from({ length: CHANNELS }, (_, index) => index);
    for (const team of teams) slack.addChannel(channelOf(team), `team-${team}`, ['UALICE', 'UOPSBOT']);
    const rules = teams.map((team) => ({ match: { namespace: `team-${team}` }, channel: channelOf(team) }));
    const config = join(folder, 'opsbot.yaml');
    await writeFile(config, JSON.stringify({ incidents: { rules } }));
    opsbot = startOpsbot({
      bundle: true,
      env: { ...environmentOf({ slack, redis, kubeconfig: cluster.kubeconfig() }), OPSBOT_CONFIG: config },
    });
    await opsbot.ready;
    await opsbot.logged(({ msg }) => msg === 'holds the lease');
  }, 60_000);
  afterAll(async () => {
    await opsbot.stop();
    await Promise.all([slack.close(), cluster.stop(), redis.stop()]);
    await rm(folder, { recursive: true });
  });

  /** ms from the write of the last status until Slack had the call. */
  async function timeOne(index: number): Promise<number> {
    const name = `app-${index}`;
    await storm(cluster, { of: [{ kind: 'Deployment', namespace: `team-${index % CHANNELS}`, name }] });
    const writtenAt = Date.now();
    const post = await slack.waitFor(
      () => slack.calls('chat.postMessage').find(({ args }) => JSON.stringify(args).includes(`*Deployment ${name}*`)),
      { what: `a message about ${name}` },
    );
    return post.at - writtenAt;
  }

  it(`takes at most ${LIMIT_MS} ms (p95)`, async () => {
    const random = createRandom(SEED);
    const times: number[] = [];
    for (let index = 0; index < INCIDENTS; index += 1) {
      // Not in step with anything that opsbot does once a second.
      await delay(random.below(1_000));
      times.push(await timeOne(index));
    }
    times.sort((a, b) => a - b);
    const [median, p95, worst] = [0.5, 0.95, 1].map((part) => times[Math.ceil(INCIDENTS * part) - 1] ?? Number.NaN);
    console.log(`incidents: status change to post: median ${median} ms, p95 ${p95} ms, worst ${worst} ms`);
    expect(p95).toBeLessThanOrEqual(LIMIT_MS);
  }, 60_000);
});
