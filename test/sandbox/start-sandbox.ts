import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type LogLine, startOpsbot } from '../support/opsbot.ts';
import { APP } from '../support/slack/fixtures.ts';
import { createLocalSlack, type LocalSlack } from '../support/slack/local-slack.ts';
import { untilAborted } from './interruption.ts';
import { startSandboxRedis } from './sandbox-redis.ts';
import type { Scene } from './scene/scene.ts';
import { type Death, startWorker, type Worker } from './worker.ts';

/** Where one asks. */
export const CHANNEL = 'ops';
/** Where trouble is told. */
export const ALERTS = 'alerts';
export const PEOPLE = ['alice', 'bob', 'carol', 'greta'] as const;

export interface Sandbox extends AsyncDisposable {
  slack: LocalSlack;
  /** What its hub and its agent have logged, in the order in which it came. */
  opsbot: { log: LogLine[] };
  /** Its agent. */
  worker: Worker;
  scene: Scene;
  /** Resolves, with what people should know, if opsbot ends without having been told to, and for good. */
  died: Promise<string>;
}

export interface SandboxOptions {
  createScene(): Promise<Scene>;
  env: NodeJS.ProcessEnv;
  /** Ends the start, too: what was started by then is ended. */
  signal: AbortSignal;
}

type Role = 'hub' | 'agent';

const LAST_LINES = 12;

/** Everything that opsbot needs, each part on the loopback address, and opsbot's two roles as processes of their own. */
export async function startSandbox({ createScene, env, signal }: SandboxOptions): Promise<Sandbox> {
  await using parts = new AsyncDisposableStack();
  // A part that has begun to start is waited for: only then it is known how to end it.
  const add = async <T>(starting: Promise<T>, end: (part: T) => Promise<unknown>): Promise<T> => {
    const part = await starting;
    parts.defer(async () => void (await end(part)));
    signal.throwIfAborted();
    return part;
  };

  const folder = await add(mkdtemp(join(tmpdir(), 'opsbot-sandbox-')), (path) => rm(path, { recursive: true }));
  const scene = await add(createScene(), (made) => made.end());
  const redis = await add(startSandboxRedis(env.REDIS_URL), (made) => made.stop());
  const slack = await add(createWorkspace(), (made) => made.close());
  const config = join(folder, 'opsbot.yaml');
  await writeFile(config, stringify(configOf(scene, slack)));

  const log: LogLine[] = [];
  const start = (role: Role, own: NodeJS.ProcessEnv) =>
    startOpsbot({
      detached: true,
      env: {
        ...scene.env,
        ...own,
        REDIS_URL: redis.url,
        OPSBOT_CONFIG: config,
        OPSBOT_ROLES: role,
        OPSBOT_HTTP_PORT: '0',
        LOG_LEVEL: env.LOG_LEVEL ?? 'info',
      },
      onLine: (line) => void log.push({ role, ...line }),
    });
  const worker = startWorker({ start: () => start('agent', {}) });
  const hub = start('hub', {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
  });
  let stopping = false;
  parts.defer(async () => {
    stopping = true;
    await Promise.all([hub.stop(), worker.stop()]);
  });
  const died = new Promise<string>((resolve) => {
    void hub.ended.then((how) => stopping || resolve(obituary('hub', { how, log: hub.log })));
    void worker.died.then((death) => resolve(obituary('agent', death)));
  });
  const ready = Promise.all([hub.ready, worker.ready]);
  const problem = await Promise.race([ready, died, untilAborted(signal)]);
  if (typeof problem === 'string') throw new Error(problem);

  const all = parts.move();
  return { slack, opsbot: { log }, worker, scene, died, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Incidents are over while somebody still looks on. */
function configOf({ namespaces }: Scene, slack: LocalSlack) {
  return {
    channels: { requests: slack.channel(CHANNEL).id, alerts: slack.channel(ALERTS).id },
    namespaces,
    incidents: { quiet: '8s', pending: '30s' },
  };
}

/** A workspace with two channels and four people, where opsbot is installed as its manifest says. */
async function createWorkspace(): Promise<LocalSlack> {
  const manifest = JSON.parse(await readFile(new URL('../../manifest.json', import.meta.url), 'utf8'));
  const slack = await createLocalSlack({ manifest });
  const members = PEOPLE.map((name) => slack.person(name).id);
  slack.state.channels.clear();
  slack.addChannel('C0SANDBOX', CHANNEL, [...members, APP.botUser]);
  slack.addChannel('C0ALERTS', ALERTS, [...members, APP.botUser]);
  return slack;
}

function obituary(role: Role, { how, log }: Death): string {
  const words = log.length === 0 ? 'It said nothing.' : `Its last words:\n${logLines(log)}`;
  return `opsbot’s ${role} has ended (${how}). ${words}`;
}

/** The last ones; where they are of both roles, each says whose it is. */
export function logLines(log: readonly LogLine[], count = LAST_LINES): string {
  return log
    .slice(-count)
    .map(({ msg, err, role }) => {
      const cause = typeof err === 'object' && err && 'message' in err ? `: ${err.message}` : '';
      return typeof role === 'string' ? `  ${role.padEnd(5)}  ${msg}${cause}` : `  ${msg}${cause}`;
    })
    .join('\n');
}
