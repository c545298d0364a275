import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatedFiles } from './generated-files.ts';

/** npm run generate: writes what is derived. With --check it only says which of them are stale, and fails. */
const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');

const files = await generatedFiles((path) => readFile(join(root, path), 'utf8'));
const stale = files.filter(({ now, wanted }) => now !== wanted);
for (const { path, wanted } of stale) {
  if (check) console.error(`${path} is stale. Run: npm run generate`);
  else await writeFile(join(root, path), wanted);
}
if (check && stale.length > 0) process.exitCode = 1;
