import { mkdir, mkdtemp, readdir, rename, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { buildBundle } from './bundle.ts';
import { BUNDLE, BUNDLE_DIGEST, sourcesDigest } from './sources.js';

/** npm run build: src/main.ts → dist/opsbot.js. */
const root = join(import.meta.dirname, '..');
// Taken before the build: what changes while it runs is built the next time.
const digest = sourcesDigest(root);
const folder = join(root, dirname(BUNDLE));
await mkdir(folder, { recursive: true });
// Whoever starts opsbot meanwhile, or builds it too, finds whole files.
const building = await mkdtemp(join(folder, 'building-'));
await buildBundle(join(root, 'src/main.ts'), join(building, basename(BUNDLE)));
// The bundle is an ES module wherever the folder is copied to.
await writeFile(join(building, 'package.json'), '{"type":"module"}\n');
for (const file of await readdir(building)) await rename(join(building, file), join(folder, file));
await rmdir(building);
await writeFile(join(root, BUNDLE_DIGEST), digest);
