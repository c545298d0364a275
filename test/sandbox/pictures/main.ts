import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { listenForSignals, SIGNAL_CODES, type SignalName } from '../interruption.ts';
import { takePictures } from './take-pictures.ts';

/** `npm run screenshots`: the pictures of the README, taken from a sandbox that lives through a small story. */
const folder = fileURLToPath(new URL('../../../.github/pictures/', import.meta.url));
await mkdir(folder, { recursive: true });
const begun = performance.now();
const { signal } = listenForSignals();
const taken = await takePictures({ folder, env: process.env, signal }).catch((error: unknown) => {
  if (signal.aborted) process.exit(SIGNAL_CODES[signal.reason as SignalName]);
  throw error;
});
for (const path of taken) console.log(path);
console.log(`${taken.length} pictures in ${Math.round((performance.now() - begun) / 1000)} s`);
