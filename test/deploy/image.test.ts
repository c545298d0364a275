import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLocalCluster } from '../support/cluster/local-cluster.ts';
import { endWithUs } from '../support/end-with-us.ts';
import { freePorts } from '../support/free-ports.ts';
import { startOwnRedis } from '../support/redis.ts';
import { createLocalSlack } from '../support/slack/local-slack.ts';
import { buildImage } from './build-image.ts';
import { isIgnored, parseDockerfile, type Stage } from './dockerfile.ts';
import { type Container, type PodSpec, parseManifests } from './manifest.ts';

/** The image, made without a container engine: what the Dockerfile says, done in a folder, and run from there. */
const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const asRoot = process.getuid?.() === 0;

interface Package {
  version: string;
  description: string;
  license: string;
  scripts: { start: string };
  devDependencies: { node: string };
}

let ours: Package;
let stages: Stage[];
let pod: PodSpec;
let container: Container;
let folder: string;
let image: string;
beforeAll(async () => {
  const read = (path: string) => readFile(join(ROOT, path), 'utf8');
  ours = JSON.parse(await read('package.json')) as Package;
  stages = parseDockerfile(await read('deploy/Dockerfile'));
  const [deployment] = parseManifests(await read('deploy/base/deployment.yaml'));
  pod = deployment?.spec?.template?.spec as PodSpec;
  container = pod.containers[0] as Container;
  folder = await mkdtemp(join(tmpdir(), 'opsbot-image-'));
  image = await buildImage(stages, folder);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const final = () => stages.at(-1) as Stage;
const steps = (instruction: string) => final().steps.filter((step) => step.instruction === instruction);

/** The container's paths, in the folder that stands for its root. */
const mapped = (text: string) =>
  text.replace(/(?<!\w)\/(nodejs|opsbot|etc\/opsbot|var\/run\/secrets\/opsbot)\b/g, (path) => join(image, path));

/** As the pod mounts it: for root and the pod's group. */
async function mount(path: string, content: string): Promise<void> {
  const file = join(image, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content, { mode: 0o440 });
  if (asRoot) await chown(file, 0, Number(pod.securityContext?.fsGroup));
}

/** The container's user, where we may become somebody else. */
const user = () => (asRoot ? { uid: uidOf(), gid: uidOf() } : {});
const uidOf = () => Number(pod.securityContext?.runAsUser);

async function filesOf(path: string): Promise<string[]> {
  return (await readdir(path, { recursive: true })).sort();
}

test('the image runs what npm start runs, as npm start runs it', () => {
  const [, flags = ''] = /node (.*) deploy\/start\.js$/.exec(ours.scripts.start) ?? [];
  expect(flags).not.toBe('');
  expect(steps('ENTRYPOINT')).toHaveLength(1);
  expect(steps('ENTRYPOINT')[0]?.args).toEqual(['/nodejs/bin/node', ...flags.split(' '), '/opsbot/opsbot.js']);
  const [, major] = /(\d+)/.exec(ours.devDependencies.node) ?? [];
  expect(stages.map((stage) => stage.image)).toEqual([
    `node:${major}-trixie-slim`,
    `gcr.io/distroless/nodejs${major}-debian13:nonroot`,
  ]);
});

test('the image holds the bundle and no packages, and says what it is', async () => {
  const built = (await filesOf(join(folder, 'build/build/dist'))).filter((file) => !/\.(map|sources)$/.test(file));
  expect(await filesOf(join(image, 'opsbot'))).toEqual(['LICENSE', ...built]);
  expect(built).toEqual(['opsbot.js', 'opsbot.js.LEGAL.txt', 'package.json']);
  expect((await filesOf(image)).filter((file) => !/^(opsbot|nodejs)\//.test(file)).sort()).toEqual([
    'nodejs',
    'opsbot',
    'usr',
    'usr/local',
    'usr/local/bin',
    'usr/local/bin/opsbot',
  ]);
  expect(steps('USER').map(({ args }) => args)).toEqual([[`${uidOf()}:${pod.securityContext?.runAsGroup}`]]);
  const argument = (name: string) => `\${${name}}`;
  const labels = Object.fromEntries(steps('LABEL').flatMap(({ args }) => args.map((label) => label.split(/=(.*)/s))));
  expect(labels).toEqual({
    'org.opencontainers.image.title': 'opsbot',
    'org.opencontainers.image.description': ours.description,
    'org.opencontainers.image.licenses': ours.license,
    'org.opencontainers.image.version': argument('VERSION'),
    'org.opencontainers.image.revision': argument('REVISION'),
    'org.opencontainers.image.source': argument('SOURCE'),
    'org.opencontainers.image.base.name': final().image,
  });
});

test('secrets and what is built are not in the build context', async () => {
  const patterns = (await readFile(join(ROOT, '.dockerignore'), 'utf8')).split('\n');
  for (const path of ['.env', '.git/config', 'node_modules/a', 'dist/opsbot.js', 'deploy/overlays/ha/secret.yaml']) {
    expect(isIgnored(patterns, path), path).toBe(true);
  }
  expect(isIgnored(patterns, 'src/main.ts')).toBe(false);
});

test('the container serves from a read-only folder as its user, with the pod’s environment, and ends on SIGTERM', async () => {
  const [redis, slack, cluster, [port = 0]] = await Promise.all([
    startOwnRedis(),
    createLocalSlack(),
    createLocalCluster(),
    freePorts(1),
  ]);
  const password = new Redis(redis.url);
  await password.config('SET', 'requirepass', 'pa"ss word');
  password.disconnect();
  const secrets = '/var/run/secrets/opsbot';
  await mount(`${secrets}/slack/bot-token`, `${slack.botToken}\n`);
  await mount(`${secrets}/slack/app-token`, `${slack.appToken}\n`);
  await mount(`${secrets}/redis/password`, 'pa"ss word\n');
  await mount(
    '/etc/opsbot/opsbot.yaml',
    await readFile(join(ROOT, 'deploy/overlays/cluster-wide/opsbot.yaml'), 'utf8'),
  );
  await mount('/etc/opsbot/kubeconfig', await readFile(cluster.kubeconfig(), 'utf8'));
  const launcher = join(image, 'usr/local/bin/opsbot');
  const before = await filesOf(image);
  await chmod(launcher, 0o755);
  await writeFile(launcher, mapped(await readFile(launcher, 'utf8')));
  await run('chmod', ['-R', 'a-w,a+rX', image]);
  await chmod(folder, 0o555);
  const env = {
    ...Object.fromEntries((container.env ?? []).map(({ name, value = '' }) => [name, mapped(value)])),
    REDIS_URL: redis.url,
    SLACK_API_URL: slack.apiUrl,
    KUBECONFIG: join(image, 'etc/opsbot/kubeconfig'),
    OPSBOT_HTTP_PORT: String(port),
    // A read-only file system, also where nobody may become another user.
    NODE_OPTIONS: '--permission --allow-fs-read=*',
  };
  const [program = '', ...args] = (steps('ENTRYPOINT')[0]?.args ?? []).map(mapped);
  const server = spawn(program, args, { cwd: '/', env, ...user(), stdio: ['ignore', 'pipe', 'inherit'] });
  endWithUs(server);
  const ended = once(server, 'close');
  try {
    for await (const line of createInterface({ input: server.stdout })) if (line.includes('opsbot is running')) break;
    expect(server.exitCode).toBeNull();
    server.stdout.resume();
    if (asRoot) expect((await stat(`/proc/${server.pid}`)).uid).toBe(uidOf());
    const probe = container.livenessProbe as { httpGet: { path: string } };
    expect((await fetch(`http://127.0.0.1:${port}${probe.httpGet.path}`)).status).toBe(200);
    await expect.poll(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    const [service] = parseManifests(await readFile(join(ROOT, 'deploy/base/service.yaml'), 'utf8'));
    const metrics = await fetch(`http://127.0.0.1:${port}${service?.metadata.annotations?.['prometheus.io/path']}`);
    expect(await metrics.text()).toContain('opsbot_ready{check="redis"} 1');

    const { stdout } = await run(launcher, ['policy', 'check', 'prod-eu'], { cwd: '/', env, ...user() });
    expect(stdout).toMatch(/^scale +prod-eu +1 of members of the channel/m);

    server.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(await filesOf(image)).toEqual(before);
    expect(slack.violations).toEqual([]);
  } finally {
    if (server.exitCode === null && server.signalCode === null) server.kill('SIGKILL');
    await Promise.all([slack.close(), cluster.stop(), redis.stop()]);
    await run('chmod', ['-R', 'u+w', folder]);
  }
}, 60_000);
