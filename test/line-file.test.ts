import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLineFile } from '../src/line-file.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'opsbot-lines-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test('each line is appended to what is there', async () => {
  const path = join(await folder(), 'checkpoints.jsonl');
  await createLineFile(path)('{"a":1}');
  const append = createLineFile(path);
  await append('{"a":2}');
  await append('{"a":3}');
  expect(await readFile(path, 'utf8')).toBe('{"a":1}\n{"a":2}\n{"a":3}\n');
});

test('where there is no such folder, that is said with the path', async () => {
  const path = join(await folder(), 'none', 'checkpoints.jsonl');
  await expect(createLineFile(path)('{}')).rejects.toThrow(path);
});
