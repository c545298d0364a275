import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { endWithUs } from '../support/end-with-us.ts';
import { freePorts } from '../support/free-ports.ts';
import { redisBinary } from '../support/redis-binary.ts';
import { type Container, parseManifests } from './manifest.ts';

/** The Redis of the manifests, started as its container is, with the container's paths in a folder of the test's own. */
const REDIS = join(import.meta.dirname, '../../deploy/base/redis');
const PASSWORD = `qu"ote\\back $HOME 'x' #`;
const run = promisify(execFile);

let root: string;
let container: Container;
let port: number;
beforeAll(async () => {
  const [statefulSet] = parseManifests(await readFile(join(REDIS, 'stateful-set.yaml'), 'utf8'));
  container = statefulSet?.spec?.template?.spec.containers[0] as Container;
  root = await mkdtemp(join(tmpdir(), 'opsbot-redis-manifest-'));
  for (const folder of ['data', 'bin', ...mounts()]) await mkdir(join(root, folder), { recursive: true });
  await symlink(await redisBinary(), join(root, 'bin/redis-server'));
  for (const file of ['start.sh', 'health.sh', 'redis.conf']) {
    await writeFile(join(root, 'etc/redis', file), mapped(await readFile(join(REDIS, file), 'utf8')));
  }
});
afterAll(() => rm(root, { recursive: true }));
beforeEach(async () => {
  [port = 0] = await freePorts(1);
  await writeFile(join(root, 'var/run/secrets/redis/password'), `${PASSWORD}\n`);
  // The probes ask Redis' usual port.
  const client = (await redisBinary()).replace(/-server$/, '-cli');
  await program('bin/redis-cli', `exec ${client} -p ${port} "$@"`);
});

async function program(path: string, shell: string): Promise<void> {
  await writeFile(join(root, path), `#!/bin/sh\n${shell}\n`);
  await chmod(join(root, path), 0o755);
}

const mounts = () => (container.volumeMounts ?? []).map(({ mountPath }) => mountPath);

/** With the test's folder in place of the container's root, its port, and the loopback alone. */
function mapped(text: string): string {
  return mounts()
    .reduce((so, path) => so.replaceAll(path, join(root, path)), text)
    .replace('port 6379', 'include port.conf')
    .replace('bind * -::*', 'bind 127.0.0.1');
}

function environment(): NodeJS.ProcessEnv {
  const own = (container.env ?? []).map(({ name, value = '' }) => [name, mapped(value)]);
  return { ...Object.fromEntries(own), PATH: `${join(root, 'bin')}:/usr/bin:/bin` };
}

function command(line: readonly string[]): [string, string[]] {
  const [program = '', ...args] = line.map(mapped);
  return [program, args];
}

async function start(): Promise<ChildProcess> {
  await writeFile(join(root, 'port.conf'), `port ${port}\n`);
  const server = spawn(...command(container.command ?? []), {
    cwd: root,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithUs(server);
  for await (const chunk of server.stdout) if (String(chunk).includes('Ready to accept connections')) break;
  return server;
}

async function emptyVolume(): Promise<void> {
  await rm(join(root, 'data'), { recursive: true });
  await mkdir(join(root, 'data'));
}

/** As the kubelet ends it. */
async function end(server: ChildProcess): Promise<void> {
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
}

/** What the probe complains of, or that all is well. */
async function probe(name: 'livenessProbe' | 'readinessProbe'): Promise<string> {
  const { exec } = container[name] as { exec: { command: string[] } };
  return run(...command(exec.command), { env: environment() }).then(
    () => 'well',
    (error: { stderr: string }) => error.stderr.trim(),
  );
}

/** What somebody types behind `kubectl -n opsbot exec -i opsbot-redis-0 --`; deploy/README.md says it. */
const BACKUP = `sh -ec '
  export REDISCLI_AUTH="$(cat "$REDIS_PASSWORD_FILE")"
  redis-cli -e CONFIG SET auto-aof-rewrite-percentage 0 >&2
  while redis-cli INFO persistence | grep -q aof_rewrite_in_progress:1; do sleep 0.2; done
  tar -C /data -czf - appendonlydir
  redis-cli -e CONFIG SET auto-aof-rewrite-percentage 100 >&2
'`;
const RESTORE = `sh -ec '
  export REDISCLI_AUTH="$(cat "$REDIS_PASSWORD_FILE")"
  mkdir -p /data/restored
  tar -C /data/restored -xzf -
  redis-cli -e CONFIG SET appendonly no
  rm -r /data/appendonlydir
  mv /data/restored/appendonlydir /data
  redis-cli SHUTDOWN NOSAVE
'`;

/** Runs such a line with `input` at its stdin; gives its stdout. Throws where it fails. */
async function exec(line: string, input: Buffer = Buffer.alloc(0)): Promise<Buffer> {
  const running = spawn('sh', ['-c', mapped(line)], { env: environment(), stdio: ['pipe', 'pipe', 'pipe'] });
  running.stdin.end(input);
  const [output, said, [code]] = await Promise.all([
    buffer(running.stdout),
    text(running.stderr),
    once(running, 'close'),
  ]);
  if (code !== 0) throw new Error(`ended with ${code}: ${said}`);
  return output;
}

function connect(): Redis {
  return new Redis({ port, host: '127.0.0.1', password: PASSWORD, retryStrategy: () => null });
}

test('Redis asks for the password, shows it nowhere, and has its data again after a crash', async () => {
  const server = await start();
  const files = await run('grep', ['-rlF', PASSWORD, root]).catch(() => ({ stdout: '' }));
  expect(files.stdout.trim()).toBe(join(root, 'var/run/secrets/redis/password'));
  // The script became Redis: signals reach it, and nothing of the script is left.
  expect(await readlink(`/proc/${server.pid}/exe`)).toMatch(/(redis|valkey)-/);
  for (const file of ['cmdline', 'environ']) {
    expect(await readFile(`/proc/${server.pid}/${file}`, 'utf8')).not.toContain('qu"ote');
  }
  expect([await probe('readinessProbe'), await probe('livenessProbe')]).toEqual(['well', 'well']);

  expect((await run(join(root, 'bin/redis-cli'), ['GET', 'kept'])).stdout).toContain('NOAUTH');
  const redis = connect();
  const setting = async (name: string) => ((await redis.config('GET', name)) as string[])[1];
  expect(await setting('appendonly')).toBe('yes');
  expect(await setting('appendfsync')).toBe('everysec');
  expect(await setting('maxmemory-policy')).toBe('noeviction');
  expect(Number(await setting('maxmemory'))).toBe(128 * 2 ** 20);
  await redis.set('kept', 'yes');
  redis.disconnect();
  const died = once(server, 'exit');
  server.kill('SIGKILL');
  await died;
  expect(await probe('livenessProbe')).toContain('Could not connect');

  const again = await start();
  const reader = connect();
  expect(await reader.get('kept')).toBe('yes');
  reader.disconnect();
  await writeFile(join(root, 'var/run/secrets/redis/password'), 'another');
  // Those who have its password are served on.
  expect([await probe('readinessProbe'), await probe('livenessProbe')]).toEqual(['well', 'well']);
  await end(again);
  expect(await readdir(join(root, 'data'))).toEqual(['appendonlydir']);
});

test('a backup that was made while Redis worked brings everything back to a Redis that is new', async () => {
  await emptyVolume();
  const first = await start();
  const redis = connect();
  await redis.pipeline().set('asked', 'before the rewrite').expire('asked', 3_600).exec();
  await redis.call('BGREWRITEAOF');
  await redis.pipeline().hset('request', { state: 'pending', by: 'U1' }).zadd('open', 7, 'r-k7m2q').exec();
  await redis.xadd('events', '1-1', 'state', 'approved');
  const backup = await exec(BACKUP);
  expect(await redis.config('GET', 'auto-aof-rewrite-percentage')).toContain('100');
  await redis.set('asked', 'after the backup');
  redis.disconnect();
  await end(first);
  await emptyVolume();

  const second = await start();
  const other = connect();
  await other.set('not in it', 'gone');
  await expect(exec(RESTORE, backup.subarray(0, 100))).rejects.toThrow();
  expect(await other.get('not in it')).toBe('gone');
  expect(await other.config('GET', 'appendonly')).toContain('yes');
  other.disconnect();
  const ended = once(second, 'exit');
  await exec(RESTORE, backup);
  expect(await ended).toEqual([0, null]);

  // As the kubelet does.
  const third = await start();
  const reader = connect();
  expect((await reader.keys('*')).sort()).toEqual(['asked', 'events', 'open', 'request']);
  expect(await reader.get('asked')).toBe('before the rewrite');
  expect(await reader.ttl('asked')).toBeGreaterThan(3_000);
  expect(await reader.hgetall('request')).toEqual({ state: 'pending', by: 'U1' });
  expect(await reader.zrange('open', '0', '-1', 'WITHSCORES')).toEqual(['r-k7m2q', '7']);
  expect(await reader.xrange('events', '-', '+')).toEqual([['1-1', ['state', 'approved']]]);
  expect(await reader.config('GET', 'appendonly')).toContain('yes');
  reader.disconnect();
  await end(third);
});

test('without a password Redis does not start, and says what to do', async () => {
  await writeFile(join(root, 'var/run/secrets/redis/password'), ' \n');
  const server = spawn(...command(container.command ?? []), {
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(server.stderr), once(server, 'close')]);
  expect(code).toBe(1);
  expect(said).toContain('put a password into the key "password" of the Secret');
});

test('Redis that reads its data is alive and not ready', async () => {
  await program('bin/redis-cli', 'echo "LOADING Redis is loading the dataset in memory"');
  expect(await probe('livenessProbe')).toBe('well');
  expect(await probe('readinessProbe')).toContain('LOADING');
});
