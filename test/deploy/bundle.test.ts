import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildBundle } from '../../deploy/bundle.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

const run = promisify(execFile);

let folder: string;
let redis: TestRedis;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsbot-bundle-'));
  redis = await startRedis();
});
afterAll(async () => {
  await redis.stop();
  await rm(folder, { recursive: true });
});

test('a bundle runs where no package is installed', async () => {
  await buildBundle(join(import.meta.dirname, 'bundle-entry.ts'), join(folder, 'opsbot.js'));
  expect((await readdir(folder)).sort()).toEqual(['opsbot.js', 'opsbot.js.LEGAL.txt', 'opsbot.js.map']);
  const { stdout, stderr } = await run(process.execPath, ['opsbot.js', redis.url, redis.prefix], { cwd: folder });
  expect(stdout.split('\n').filter((line) => line.includes('"msg"'))).toEqual([
    '{"level":30,"greeting":"hello","listens":"function","msg":"done"}',
    '{"level":30,"status":200,"answer":"{\\"challenge\\":\\"ünïcode\\"}","msg":"answered"}',
  ]);
  expect(stderr).toBe('');
});
