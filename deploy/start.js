// npm start: builds the production bundle where the sources have changed since, and becomes it. Plain JavaScript, so
// that an old Node gets the advice and not a syntax error. The bundle runs in this very process: signals, arguments
// and the exit code need no passing on, and no second process takes memory.
//
// The flags of the start script keep the peak at 10,000 pods near 110 MiB; without them it is 161 (npm run bench). V8 takes
// them only from the command line, before there is a heap, so the image's has to have them too.
//   --max-semi-space-size=1   What is dropped object by object needs no large nursery: -30 MiB.
//   --v8-pool-size=1          Each worker thread keeps an allocator's arena of its own: -6 MiB.
//   --liftoff-only            Optimizing undici's HTTP parser, which is WebAssembly, takes 16 to 30 MiB and gains no time.
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
