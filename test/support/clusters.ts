import { afterAll, beforeAll, describe, inject } from 'vitest';
import { createRawClient, type RawClient } from './cluster/http-client.ts';
import { type Backend, createKit, type Kit } from './cluster/kit.ts';
import { startLocalBackend } from './cluster/local-backend.ts';
import type { LocalClusterOptions } from './cluster/local-cluster-contract.ts';
import type {} from './control-plane/global-setup.ts';
import { startRealBackend } from './control-plane/real-backend.ts';
import { startControlPlane } from './control-plane/start-control-plane.ts';

export type ClusterKit = Kit;

const START_MS = 90_000;

/** The run's shared control plane, or one for this file alone where the run has none. */
async function startReal(assets: string): Promise<Backend> {
  const shared = inject('controlPlane');
  if (shared) return await startRealBackend({ endpoint: shared, auditLog: shared.auditLog }, async () => undefined);
  const plane = await startControlPlane({ assets });
  return await startRealBackend(plane, plane.stop);
}

function useKit(start: () => Promise<Backend>): Kit {
  let running: { backend: Backend; client: RawClient } | undefined;
  const use = () => {
    if (running === undefined) throw new Error('the cluster runs only inside of hooks and tests');
    return running;
  };
  beforeAll(async () => {
    const backend = await start();
    running = { backend, client: createRawClient(backend.endpoint) };
  }, START_MS);
  afterAll(async () => {
    running?.client.close();
    await running?.backend.stop();
  });
  return createKit(
    () => use().backend,
    () => use().client,
  );
}

/**
 * A suite that holds on any cluster: runs on the local one always, and again on a real API server wherever
 * KUBEBUILDER_ASSETS names a folder with one. `options` are for the local cluster.
 */
export function describeCluster(name: string, suite: (kit: ClusterKit) => void, options?: LocalClusterOptions): void {
  describeLocalCluster(name, suite, options);
  describeRealCluster(name, suite);
}

/** A suite about what only a real API server does. Left out where there is none. */
export function describeRealCluster(name: string, suite: (kit: ClusterKit) => void): void {
  const assets = process.env.KUBEBUILDER_ASSETS;
  if (assets) describe(`${name}, on a real API server`, () => suite(useKit(() => startReal(assets))));
}

/** A suite that no real cluster has anything to add to, or that needs the local cluster's faults. */
export function describeLocalCluster(
  name: string,
  suite: (kit: ClusterKit) => void,
  options?: LocalClusterOptions,
): void {
  describe(`${name}, on the local cluster`, () => suite(useKit(() => startLocalBackend(options))));
}
