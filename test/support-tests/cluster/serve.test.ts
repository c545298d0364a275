import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { createRawClient } from '../../support/cluster/http-client.ts';

it('runs a seeded cluster in a process of its own, says where in one line, and leaves nothing behind', async () => {
  const args = ['test/support/cluster/serve.ts', '--deployments', '3', '--pods-per-deployment', '2', '--nodes', '2'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { url, kubeconfig, pid } = JSON.parse(line);
  const client = createRawClient({ url });
  const { body } = await client.request('GET', '/api/v1/pods');
  expect([body.items.length, pid, existsSync(kubeconfig)]).toEqual([6, child.pid, true]);
  client.close();
  const ended = once(child, 'close');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(existsSync(kubeconfig)).toBe(false);
});
