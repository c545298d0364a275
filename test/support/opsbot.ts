import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { endWithUs } from './end-with-us.ts';

/** opsbot as people run it: its own process, driven by its environment alone. */
export interface OpsbotProcess {
  pid: number;
  /** Log lines so far, parsed where they are JSON. */
  log: LogLine[];
  /** The same as it was written. */
  output: string[];
  /** Resolves with the first log line, past or coming, that fits; rejects when the process ends without one. */
  logged(matches: (line: LogLine) => boolean): Promise<LogLine>;
  /** Resolves once it takes gestures. */
  ready: Promise<void>;
  /** Exit code, or the name of the signal that ended it. */
  ended: Promise<number | string>;
  /** SIGTERM, then waits for the end. */
  stop(): Promise<number | string>;
  kill9(): Promise<void>;
}

export interface LogLine {
  /** pino's number, where the line has a level. */
  level?: number;
  msg: string;
  [key: string]: unknown;
}

export interface StartOptions {
  env: NodeJS.ProcessEnv;
  args?: readonly string[];
  /** The bundle instead of the sources, with the flags that `npm start` gives it. It has to be built. */
  bundle?: boolean;
  /** A module that is loaded into the process first, e.g. to make it crash at a given step. */
  preload?: URL;
  /** Keeps a terminal's Ctrl-C from it, where whoever started it ends it in their own order. */
  detached?: boolean;
  /** Told of each log line as it comes. */
  onLine?(line: LogLine): void;
}

/** What opsbot has to know of a Slack (by Socket Mode), a Redis and a cluster. */
export function environmentOf(parts: {
  slack: { botToken: string; appToken: string; apiUrl: string };
  redis: { url: string };
  kubeconfig: string;
}): NodeJS.ProcessEnv {
  const { slack, redis, kubeconfig } = parts;
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    REDIS_URL: redis.url,
    KUBECONFIG: kubeconfig,
    OPSBOT_HTTP_PORT: '0',
  };
}

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

function parse(line: string): LogLine {
  try {
    const read = JSON.parse(line);
    return { ...read, level: pino.levels.values[read.level] };
  } catch {
    return { msg: line };
  }
}

/** What stands between `node` and the entry in the start script. */
function startFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync(path('package.json'), 'utf8')) as { scripts: { start: string } };
  const flags = /node (.*) deploy\/start\.js$/.exec(scripts.start)?.[1];
  if (flags === undefined) throw new Error(`The start script looks different now: ${scripts.start}`);
  return flags.split(' ');
}

export function startOpsbot({
  env,
  args = [],
  bundle = false,
  preload,
  detached = false,
  onLine,
}: StartOptions): OpsbotProcess {
  const entry = bundle ? path('dist/opsbot.js') : path('src/main.ts');
  const preloading = preload ? ['--import', preload.href] : [];
  const { PATH, HOME } = process.env;
  const flags = bundle ? startFlags() : [];
  const child = spawn(process.execPath, [...flags, ...preloading, entry, ...args], {
    env: { PATH, HOME, ...env },
    detached,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithUs(child);
  const log: LogLine[] = [];
  const output: string[] = [];
  const watchers = new Set<(line: LogLine) => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (text) => {
      const line = parse(text);
      output.push(text);
      log.push(line);
      onLine?.(line);
      for (const watch of watchers) watch(line);
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);

  function logged(matches: (line: LogLine) => boolean): Promise<LogLine> {
    const past = log.find(matches);
    if (past) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      const watch = (line: LogLine) => {
        if (!matches(line)) return;
        watchers.delete(watch);
        resolve(line);
      };
      watchers.add(watch);
      void ended.then((how) => reject(new Error(`opsbot ended (${how}):\n${log.map((l) => l.msg).join('\n')}`)));
    });
  }

  const ready = logged((line) => line.msg === 'opsbot is running').then(() => undefined);
  ready.catch(() => undefined); // whoever waits for it sees it
  return {
    pid: child.pid ?? 0,
    log,
    output,
    logged,
    ready,
    ended,
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
    async kill9() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
