import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { takePictures } from './take-pictures.ts';

/** `npm run screenshots`: the pictures of the README, taken from a sandbox that lives through a small story. */
const folder = fileURLToPath(new URL('../../../.github/pictures/', import.meta.url));
await mkdir(folder, { recursive: true });
const begun = performance.now();
const taken = await takePictures(folder, process.env);
for (const path of taken) console.log(path);
console.log(`${taken.length} pictures in ${Math.round((performance.now() - begun) / 1000)} s`);
