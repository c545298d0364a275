import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { endWithUs } from './end-with-us.ts';
import { freePorts } from './free-ports.ts';
import { redisBinary } from './redis-binary.ts';

export interface TestRedis {
  url: string;
  /** Start of every key, its hash tag included; unlike that of any other test on a shared server. */
  prefix: string;
  /** Ends it; removes what the test left behind. */
  stop(): Promise<void>;
}

export interface OwnRedis extends TestRedis {
  /** As if the machine had pulled the plug on the process: what the append-only file has survives. */
  kill9(): Promise<void>;
  /** It takes connections and says nothing any more, until it is woken. */
  hang(): void;
  wake(): void;
  /** Starts it again on the same port with the same data; a running one is ended in good order first. */
  restart(): Promise<void>;
}

/** A Redis to test with: the one that REDIS_URL names, else a private one. */
export async function startRedis(env: NodeJS.ProcessEnv = process.env): Promise<TestRedis> {
  return env.REDIS_URL ? sharedRedis(env.REDIS_URL) : startOwnRedis();
}

function sharedRedis(url: string): TestRedis {
  const prefix = newPrefix();
  return { url, prefix, stop: () => deleteKeys(url, prefix) };
}

export interface OwnRedisOptions {
  /** Keeps a terminal's Ctrl-C from it, where whoever started it ends it in their own order. */
  detached?: boolean;
  /**
   * Whether what was written is on disk before anybody is told that it is done. Default: `no`, which a `kill -9` of Redis
   * takes nothing from. Not Redis's own `everysec`: a disk that is busy for 2 s keeps all of its clients waiting.
   */
  appendfsync?: 'always' | 'no';
}

/** A private Redis on a free port of the loopback, with AOF, whatever REDIS_URL says: one that may be killed. */
export async function startOwnRedis(options: OwnRedisOptions = {}): Promise<OwnRedis> {
  const { detached = false, appendfsync = 'no' } = options;
  const binary = await redisBinary();
  const directory = await mkdtemp(join(tmpdir(), 'opsbot-redis-'));
  const how: Launch = { binary, directory, detached, appendfsync };
  let { server, port } = await launchOnFreePort(how);
  return {
    url: `redis://127.0.0.1:${port}`,
    prefix: newPrefix(),
    kill9: () => end(server, 'SIGKILL'),
    hang: () => void server.kill('SIGSTOP'),
    wake: () => void server.kill('SIGCONT'),
    async restart() {
      await end(server, 'SIGTERM');
      server = await launch(how, port);
    },
    async stop() {
      await end(server, 'SIGKILL');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function newPrefix(): string {
  return `{opsbot-${randomBytes(6).toString('hex')}}`;
}

async function deleteKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  try {
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 500 })) {
      if (keys.length > 0) await redis.unlink(keys);
    }
  } finally {
    redis.disconnect();
  }
}

interface Launch extends Required<OwnRedisOptions> {
  binary: string;
  directory: string;
}

async function launchOnFreePort(how: Launch): Promise<{ server: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const [port] = (await freePorts(1)) as [number];
    try {
      return { server: await launch(how, port), port };
    } catch (error) {
      // Somebody else took the port between the look and the launch.
      if (attempt === 5 || !String(error).includes('Address already in use')) throw error;
    }
  }
}

/** Resolves once it accepts connections. */
function launch({ binary, directory, detached, appendfsync }: Launch, port: number): Promise<ChildProcess> {
  const options = {
    bind: '127.0.0.1',
    port: String(port),
    dir: directory,
    save: '',
    appendonly: 'yes',
    appendfsync,
    'maxmemory-policy': 'noeviction',
    // A log of its own would hide the line that says it is ready.
    logfile: '',
    daemonize: 'no',
  };
  const server = spawn(
    binary,
    Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
    { cwd: directory, detached, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  endWithUs(server);

  return new Promise((resolve, reject) => {
    let log = '';
    const read = (chunk: Buffer) => {
      log += chunk;
      if (!log.includes('Ready to accept connections')) return;
      server.stdout.off('data', read).resume();
      resolve(server);
    };
    server.stdout.on('data', read);
    server.stderr.on('data', (chunk) => (log += chunk));
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`${binary} ended with ${code}:\n${log}`)));
  });
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.kill(signal);
  await gone;
}
