import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** npm start's program in a little project of its own, whose build only copies and keeps count. */
const DEPLOY = join(import.meta.dirname, '../../deploy');
const BUILD = `
import { appendFileSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { sourcesDigest, BUNDLE, BUNDLE_DIGEST } from './sources.js';
process.chdir(new URL('..', import.meta.url).pathname);
appendFileSync('builds', '.');
mkdirSync('dist', { recursive: true });
copyFileSync('src/main.ts', BUNDLE);
writeFileSync(BUNDLE_DIGEST, sourcesDigest('.'));
`;
const MAIN = `
const [command, code] = process.argv.slice(2);
if (command === 'wait') {
  process.on('SIGTERM', () => { console.log('drained'); process.exit(0); });
  setInterval(() => {}, 1000);
}
console.log('ready', process.argv.slice(2).join(' '));
if (command === 'exit') process.exit(Number(code));
`;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'opsbot-start-'));
  await mkdir(join(root, 'src/deep'), { recursive: true });
  await mkdir(join(root, 'node_modules'));
  for (const file of ['start.js', 'sources.js', 'node-version.js'])
    await cp(join(DEPLOY, file), join(root, 'deploy', file));
  await writeFile(join(root, 'package.json'), '{"type":"module"}');
  await writeFile(join(root, 'deploy/build.ts'), BUILD);
  await writeFile(join(root, 'src/main.ts'), MAIN);
  await writeFile(join(root, 'src/deep/part.ts'), '// one');
});
afterEach(() => rm(root, { recursive: true }));

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [join(root, 'deploy/start.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = start(...args);
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all(
    [child.stdout, child.stderr].map((stream) => (stream ? text(stream) : '')),
  );
  const [code] = await closed;
  return { code, stdout: stdout ?? '', stderr: stderr ?? '' };
}

async function builds(): Promise<number> {
  return (await readFile(join(root, 'builds'), 'utf8')).length;
}

test('builds once, and again when a source has changed', async () => {
  await run('exit', '0');
  await run('exit', '0');
  expect(await builds()).toBe(1);
  await appendFile(join(root, 'src/deep/part.ts'), '// two');
  await run('exit', '0');
  expect(await builds()).toBe(2);
  await rm(join(root, 'src/deep/part.ts'));
  await run('exit', '0');
  expect(await builds()).toBe(3);
});

test('passes the arguments in and the exit code out', async () => {
  const { code, stdout } = await run('exit', '3', '--flag', 'two words');
  expect(stdout).toBe('ready exit 3 --flag two words\n');
  expect(code).toBe(3);
});

test('SIGTERM reaches the bundle', async () => {
  const child = start('wait');
  const closed = once(child, 'close');
  let stdout = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
    if (stdout.startsWith('ready')) child.kill('SIGTERM');
  });
  expect(await closed).toEqual([0, null]);
  expect(stdout).toBe('ready wait\ndrained\n');
});

test('does not start on the remains of a failed build', async () => {
  await run('exit', '0');
  await writeFile(join(root, 'src/main.ts'), 'console.log("new")');
  await writeFile(join(root, 'deploy/build.ts'), 'throw new Error("no such package")');
  const { code, stdout, stderr } = await run('exit', '0');
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('npm ci installs what building needs');
});

test('says so where nothing is installed', async () => {
  await rm(join(root, 'node_modules'), { recursive: true });
  const { code, stderr } = await run();
  expect(code).toBe(1);
  expect(stderr).toBe('The dependencies are not installed. Run: npm ci\n');
});
