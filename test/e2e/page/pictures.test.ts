import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { takePictures } from '../../sandbox/pictures/take-pictures.ts';

const README = new URL('../../../README.md', import.meta.url);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsbot-pictures-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('takes every picture that the README shows', { timeout: 90_000 }, async () => {
  const taken = await takePictures({ folder, env: process.env, signal: new AbortController().signal });
  const shown = [...(await readFile(README, 'utf8')).matchAll(/src(?:set)?="\.github\/pictures\/([^"]+)"/g)];
  expect(taken.map((path) => basename(path)).sort()).toEqual(shown.map(([, name]) => name).sort());
  for (const path of taken) {
    const picture = await readFile(path);
    const [width, height] = [picture.readUInt32BE(16), picture.readUInt32BE(20)];
    expect(Math.min(width, height), path).toBeGreaterThan(400);
  }
});
