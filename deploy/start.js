// npm start: builds the production bundle where the sources have changed since, and becomes it. Plain JavaScript, so
// that an old Node gets the advice and not a syntax error. The bundle runs in this very process: signals, arguments
// and the exit code need no passing on, and no second process takes memory.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nodeProblem } from './node-version.js';
import { BUNDLE, isStale } from './sources.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const problem = nodeProblem(process.versions.node, existsSync(join(root, 'node_modules')));
if (problem) {
  console.error(problem);
  process.exit(1);
}

if (isStale(root)) {
  const { status } = spawnSync(process.execPath, [join(root, 'deploy/build.ts')], { stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    console.error('The bundle could not be built, so opsbot does not start. npm ci installs what building needs.');
    process.exit(1);
  }
}

process.argv[1] = join(root, BUNDLE);
await import(pathToFileURL(join(root, BUNDLE)).href);
