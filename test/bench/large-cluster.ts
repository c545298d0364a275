import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { endWithUs } from '../support/end-with-us.ts';

/** Ten pods each, of the usual 14 kB of JSON. */
export const POD_BYTES = 14_000;
export const PODS_PER_DEPLOYMENT = 10;

export interface ClusterSize {
  deployments: number;
  nodes: number;
}

/** A large cluster in a process of its own, so that its memory is not counted. */
export async function startLargeCluster({ deployments, nodes }: ClusterSize) {
  const serve = fileURLToPath(new URL('../support/cluster/serve.ts', import.meta.url));
  const size = { deployments, nodes, 'pods-per-deployment': PODS_PER_DEPLOYMENT, 'pod-bytes': POD_BYTES };
  const flags = Object.entries(size).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [serve, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  endWithUs(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    kubeconfig: (JSON.parse(line) as { kubeconfig: string }).kubeconfig,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'close');
    },
  };
}

/** Resident memory in MiB as the kernel counts it: `VmHWM` is the peak. */
export function residentMiB(pid: number, field: 'VmHWM' | 'VmRSS' | 'RssAnon'): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(found?.[1]) / 1024);
}
