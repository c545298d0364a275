import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRawClient } from '../support/cluster/http-client.ts';
import { createKit, type Kit } from '../support/cluster/kit.ts';
import { writeKubeconfig } from '../support/cluster/kubeconfig.ts';
import { startLocalBackend } from '../support/cluster/local-backend.ts';
import { deployment } from '../support/cluster/manifests.ts';
import { startOpsbot } from '../support/opsbot.ts';
import { startOwnRedis } from '../support/redis.ts';
import { createLocalSlack } from '../support/slack/local-slack.ts';
import { startTcpLine, type TcpLine } from '../support/tcp-line.ts';
import { createMember, type Member } from './member.ts';
import { LINES, type LineName, PROCESSES, type ProcessName } from './schedule.ts';
import { CHANNELS, RULES, type Rule, WORKLOADS } from './stories.ts';

/** Slack sends an event again as soon as somebody may have started opsbot again; in ms. */
const EVENT_RETRIES_MS = [0, ...Array<number>(80).fill(500)];
/** Rollouts take half a second, so that some are under way whenever something goes wrong. In ms. */
const PACE = { schedule: 1, create: 1, start: 3, ready: 500, crash: 3, complete: 5, backOff: 20, stop: 3 };
const REPLICAS = 2;
/** ms within which a process has to run once nothing hinders it any more. */
const READY_MS = 60_000;
/** Loaded into opsbot first, so that its clock can jump. */
const CLOCK = new URL('./clock-ahead.ts', import.meta.url);

/** A cluster for one run alone, for its faults hit everybody in it. */
async function startCluster(): Promise<{ kit: Kit; stop(): Promise<void> }> {
  const backend = await startLocalBackend({ pace: PACE });
  const client = createRawClient(backend.endpoint);
  const kit = createKit(
    () => backend,
    () => client,
  );
  return {
    kit,
    async stop() {
      client.close();
      await backend.stop();
    },
  };
}

/** The namespaces by the rule that holds in them. */
type Namespaces = Record<Rule, string>;

async function layOut(kit: Kit): Promise<Namespaces> {
  const pairs = await Promise.all(RULES.map(async (rule) => [rule, await kit.namespace()] as const));
  const namespaces = Object.fromEntries(pairs) as Namespaces;
  for (const namespace of Object.values(namespaces)) {
    await Promise.all(WORKLOADS.map((name) => kit.apply(deployment(name, { namespace, replicas: REPLICAS }))));
  }
  for (const namespace of Object.values(namespaces)) {
    await Promise.all(WORKLOADS.map((name) => kit.rolledOut({ kind: 'Deployment', namespace, name })));
  }
  return namespaces;
}

function configOf(namespaces: Namespaces): string {
  return JSON.stringify({
    namespaces: Object.values(namespaces),
    policy: [
      { match: { action: ['pods', 'logs'] }, allow: true },
      { match: { namespace: namespaces.confirm }, confirm: true },
      { match: { namespace: namespaces.two }, approvals: 2 },
      { match: { namespace: namespaces.brief }, approvals: 1, expires: '1m' },
      { match: {}, approvals: 1 },
    ],
  });
}

/** Two hubs and two agents with a line to each thing that they need, and those things. `given`: a cluster of others. */
export async function raiseWorld(seed: number, given: Kit | undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'opsbot-faults-'));
  const manifest = JSON.parse(await readFile(new URL('../../manifest.json', import.meta.url), 'utf8'));
  const own = given ? undefined : await startCluster();
  const kit = given ?? (own as { kit: Kit }).kit;
  const [redis, slack, namespaces] = await Promise.all([
    startOwnRedis({ appendfsync: 'always' }),
    createLocalSlack({ manifest, seed, retryAfterMs: EVENT_RETRIES_MS }),
    layOut(kit),
  ]);
  for (const name of CHANNELS) slack.addChannel(`C${name.toUpperCase()}`, name, ['UOPSBOT']);

  const portOf = (url: string) => Number(new URL(url).port);
  const targets = { Redis: portOf(redis.url), Slack: portOf(slack.apiUrl), cluster: portOf(kit.endpoint.url) };
  const targetOf = (name: LineName) => targets[/(\w+)$/.exec(name)?.[1] as keyof typeof targets];
  const lines = Object.fromEntries(
    await Promise.all(LINES.map(async (name) => [name, await startTcpLine(targetOf(name))] as const)),
  ) as Record<LineName, TcpLine>;
  const originOf = (name: LineName, protocol: string) => `${protocol}//127.0.0.1:${lines[name].port}`;
  slack.reachedBy(originOf('hubs to Slack', 'http:'));

  const configPath = join(folder, 'opsbot.yaml');
  const clockPath = join(folder, 'clock');
  await writeFile(configPath, configOf(namespaces));
  await writeFile(clockPath, '0');

  const common = (name: ProcessName): NodeJS.ProcessEnv => ({
    REDIS_URL: originOf(`${name} to Redis`, 'redis:'),
    OPSBOT_CONFIG: configPath,
    OPSBOT_HTTP_PORT: '0',
    LOG_LEVEL: 'info',
    CLOCK_AHEAD_FILE: clockPath,
  });
  function environmentOf(name: ProcessName): NodeJS.ProcessEnv {
    if (name === 'hub-1' || name === 'hub-2') {
      const { botToken: SLACK_BOT_TOKEN, appToken: SLACK_APP_TOKEN } = slack;
      const SLACK_API_URL = `${originOf('hubs to Slack', 'http:')}/api/`;
      return { ...common(name), OPSBOT_ROLES: 'hub', SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_API_URL };
    }
    const url = originOf(`${name} to the cluster`, new URL(kit.endpoint.url).protocol);
    const KUBECONFIG = writeKubeconfig(join(folder, name), { ...kit.endpoint, url }, namespaces.one);
    return { ...common(name), OPSBOT_ROLES: 'agent', KUBECONFIG };
  }

  const members = Object.fromEntries(
    PROCESSES.map((name) => {
      const env = environmentOf(name);
      return [name, createMember(name, () => startOpsbot({ bundle: true, env, preload: CLOCK }))];
    }),
  ) as Record<ProcessName, Member>;
  const everybody = Object.values(members);
  const ready = () => Promise.all(everybody.map((member) => member.ready(READY_MS)));
  await ready();

  return {
    ...{ kit, redis, slack, namespaces, lines, members, ready },
    endedByThemselves: () => everybody.flatMap((member) => member.endedByThemselves),
    async setClocks(aheadMs: number) {
      await writeFile(clockPath, String(aheadMs));
      for (const member of everybody) member.signal('SIGUSR2');
    },
    async stop() {
      await Promise.all(everybody.map((member) => member.stop()));
      await Promise.all([
        slack.close(),
        redis.stop(),
        own?.stop(),
        ...Object.values(lines).map((line) => line.close()),
      ]);
      await rm(folder, { recursive: true });
    },
  };
}

export type World = Awaited<ReturnType<typeof raiseWorld>>;
