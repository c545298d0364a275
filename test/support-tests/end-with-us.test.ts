import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';

const helper = new URL('../support/end-with-us.ts', import.meta.url).href;

/** Starts a sleeper that holds its stdout open, says so, and lives on. */
const PARENT = `
  import { spawn } from 'node:child_process';
  import { endWithUs } from '${helper}';
  const sleeper = spawn('sleep', ['60'], { detached: true, stdio: ['ignore', 'inherit', 'ignore'] });
  endWithUs(sleeper);
  console.log('asleep');
  setInterval(() => undefined, 1000);
`;

it.each(['SIGKILL', 'SIGTERM'] as const)('a child does not outlive the process that %s ends', async (signal) => {
  const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', PARENT], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(createInterface({ input: parent.stdout }), 'line');
  expect(said).toBe('asleep');
  parent.kill(signal);
  // Comes when the last one that holds the output open is gone.
  expect(await once(parent, 'close')).toEqual([null, signal]);
});
