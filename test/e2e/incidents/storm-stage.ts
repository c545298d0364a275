import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLocalCluster } from '../../support/cluster/local-cluster.ts';
import { type SeedOptions, seed } from '../../support/cluster/seed.ts';
import { environmentOf, startOpsbot } from '../../support/opsbot.ts';
import { startOwnRedis } from '../../support/redis.ts';
import { createLocalSlack } from '../../support/slack/local-slack.ts';
import type { SeenMessage } from '../../support/slack/people/looking.ts';
import { ALERTS, QUICK_BOOKMARKS } from './incident-stage.ts';

export const SHOP = { namespace: 'shop', channel: 'CPAYMENTS' };

/** Ticks a second in which the kernel counts a process's time. */
const TICKS = 100;

/** The bundle, as it is run in earnest, on a seeded cluster and a Slack that keeps to its rates. */
export async function raiseStorm(seeded: SeedOptions) {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../../deploy/build.ts', import.meta.url))]);
  const [redis, slack, cluster, folder] = await Promise.all([
    startOwnRedis(),
    createLocalSlack(),
    createLocalCluster({ ...QUICK_BOOKMARKS, namespaces: [SHOP.namespace] }),
    mkdtemp(join(tmpdir(), 'opsbot-storm-')),
  ]);
  seed(cluster, seeded);
  slack.addChannel(SHOP.channel, 'payments', ['UALICE', 'UBOB', 'UOPSBOT']);
  slack.enforceRateLimits();
  const config = join(folder, 'opsbot.yaml');
  const rules = [
    { match: { kind: 'rollout-complete' }, ignore: true },
    { match: { namespace: SHOP.namespace }, channel: SHOP.channel },
  ];
  await writeFile(
    config,
    JSON.stringify({ channels: { alerts: ALERTS }, incidents: { rules, quiet: '1s', storm: 10 } }),
  );
  const opsbot = startOpsbot({
    bundle: true,
    env: { ...environmentOf({ slack, redis, kubeconfig: cluster.kubeconfig() }), OPSBOT_CONFIG: config },
  });
  await opsbot.ready;
  await opsbot.logged(({ msg }) => msg === 'holds the lease');

  const alice = slack.person('alice');
  const rootsIn = (channel: string) =>
    alice.sees(channel).filter(({ by, ts, thread }) => by === 'UOPSBOT' && (thread === undefined || thread === ts));
  const isSummary = ({ text }: SeenMessage) => /incidents? (is|are) open|The storm is over/.test(text);
  const limited = () => slack.journal.filter(({ answer }) => JSON.stringify(answer ?? '').includes('ratelimited'));
  return {
    redis,
    slack,
    cluster,
    opsbot,
    rootsIn,
    /** Messages about one incident each, oldest first. */
    roots: () => rootsIn(ALERTS).filter((message) => !isSummary(message)),
    summaries: () => rootsIn(ALERTS).filter(isSummary),
    /** Calls that Slack refused because they came too fast. */
    limited,
    /** Peak of what is resident, in MiB, and seconds of processor time so far. */
    cost() {
      const status = readFileSync(`/proc/${opsbot.pid}/status`, 'utf8');
      const times = readFileSync(`/proc/${opsbot.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return {
        peakMiB: Math.round(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024),
        seconds: (Number(times[11]) + Number(times[12])) / TICKS,
      };
    },
    async stop() {
      const code = await opsbot.stop();
      await Promise.all([slack.close(), cluster.stop(), redis.stop()]);
      await rm(folder, { recursive: true });
      return code;
    },
  };
}

export type StormStage = Awaited<ReturnType<typeof raiseStorm>>;
