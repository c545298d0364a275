import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildBundle } from './bundle.ts';
import { BUNDLE, BUNDLE_DIGEST, sourcesDigest } from './sources.js';

/** npm run build: src/main.ts → dist/opsbot.js. */
const root = join(import.meta.dirname, '..');
// Taken before the build: what changes while it runs is built the next time.
const digest = sourcesDigest(root);
await mkdir(join(root, 'dist'), { recursive: true });
await buildBundle(join(root, 'src/main.ts'), join(root, BUNDLE));
// The bundle is an ES module wherever the folder is copied to.
await writeFile(join(root, 'dist/package.json'), '{"type":"module"}\n');
await writeFile(join(root, BUNDLE_DIGEST), digest);
