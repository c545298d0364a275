import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { environmentOf, type OpsbotProcess, startOpsbot } from '../support/opsbot.ts';
import { startOwnRedis } from '../support/redis.ts';
import { createLocalSlack, type LocalSlack } from '../support/slack/local-slack.ts';
import { PODS_PER_DEPLOYMENT, residentMiB, startLargeCluster } from './large-cluster.ts';

/** npm run sizing: what opsbot takes at some sizes of a cluster, as the table of deploy/README.md. Both roles, one process. */
const SIZES = [100, 1_000, 3_000, 10_000];
/** How many people ask for the pods of one namespace at once. */
const ASKING = 10;
/** ms over which the processor's time at rest is counted. */
const REST_MS = 10_000;
const WAIT_MS = 60_000;

/** Processor time so far, in ms; the kernel counts in hundredths of a second. */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function untilHomeShows(slack: LocalSlack, pods: number): Promise<void> {
  const alice = slack.person('alice');
  await alice.opensHome();
  const shown = new RegExp(`Pods: ${String(pods).replace(/(\d)(?=(\d{3})+$)/g, '$1,?')}\\b`);
  await slack.waitFor(() => shown.test(alice.home()?.text ?? ''), { timeoutMs: WAIT_MS, what: () => 'Home' });
}

/** ms until all had their answer, as a message or as a file. */
async function askForPods(slack: LocalSlack): Promise<number> {
  const answers = () =>
    slack.calls('files.completeUploadExternal').length +
    slack.calls('chat.postMessage').filter(({ args }) => JSON.stringify(args).includes('pods in team-1')).length;
  const before = answers();
  const startedAt = performance.now();
  const alice = slack.person('alice');
  await Promise.all(Array.from({ length: ASKING }, () => alice.mentions('ops', 'pods team-1')));
  await slack.waitFor(() => answers() >= before + ASKING, { timeoutMs: WAIT_MS, what: () => 'all answers' });
  return performance.now() - startedAt;
}

async function measure(slack: LocalSlack, pods: number, start: () => OpsbotProcess): Promise<string> {
  const startedAt = performance.now();
  const opsbot = start();
  await opsbot.ready;
  await untilHomeShows(slack, pods);
  const complete = performance.now() - startedAt;
  const worked = processorMs(opsbot.pid);
  await delay(REST_MS);
  const share = (100 * (processorMs(opsbot.pid) - worked)) / REST_MS;
  const atRest = residentMiB(opsbot.pid, 'VmRSS');
  const answered = await askForPods(slack);
  const cells = [
    pods.toLocaleString('en'),
    `${(complete / 1000).toFixed(1)} s`,
    `${atRest} MiB, ${share.toFixed(1)} %`,
    `${(answered / 1000).toFixed(1)} s`,
    `${residentMiB(opsbot.pid, 'VmHWM')} MiB, of which ${residentMiB(opsbot.pid, 'RssAnon')} its own`,
  ];
  return `| ${cells.join(' | ')} |`;
}

async function measureAt(pods: number): Promise<string> {
  const size = { deployments: pods / PODS_PER_DEPLOYMENT, nodes: Math.max(3, pods / 100) };
  const [redis, slack, cluster] = await Promise.all([startOwnRedis(), createLocalSlack(), startLargeCluster(size)]);
  let opsbot: OpsbotProcess | undefined;
  try {
    return await measure(slack, pods, () => {
      opsbot = startOpsbot({ bundle: true, env: environmentOf({ slack, redis, kubeconfig: cluster.kubeconfig }) });
      return opsbot;
    });
  } finally {
    await opsbot?.stop();
    await Promise.all([slack.close(), cluster.stop(), redis.stop()]);
  }
}

execFileSync(process.execPath, [fileURLToPath(new URL('../../deploy/build.ts', import.meta.url))]);
console.log(`| pods | Home complete | at rest | ${ASKING} × \`pods\` at once answered | peak |`);
console.log('|---|---|---|---|---|');
for (const pods of SIZES) console.log(await measureAt(pods));
