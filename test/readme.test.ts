import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

test('the pictures of the README are there, light and dark', async () => {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const paths = [...readme.matchAll(/src(?:set)?="([^"]+)"/g)].map(([, path = '']) => path);
  const light = paths.filter((path) => path.endsWith('-light.png'));
  expect(light.length).toBeGreaterThanOrEqual(4);
  expect(paths.filter((path) => path.endsWith('-dark.png'))).toEqual(
    light.map((path) => path.replace('-light', '-dark')),
  );
  for (const path of paths) await access(join(ROOT, path));
});
