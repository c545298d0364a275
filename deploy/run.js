// Runs a TypeScript entry of the repository: node deploy/run.js <entry.ts> [arguments].
// Plain JavaScript, so that an old Node gets the advice and not a syntax error.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nodeProblem } from './node-version.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const problem = nodeProblem(process.versions.node, existsSync(resolve(root, 'node_modules')));
if (problem) {
  console.error(problem);
  process.exit(1);
}

const entry = process.argv[2];
if (!entry) {
  console.error('Usage: node deploy/run.js <entry.ts> [arguments]');
  process.exit(2);
}
process.argv.splice(1, 2, resolve(root, entry));
await import(pathToFileURL(resolve(root, entry)).href);
