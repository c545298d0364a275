import type { TestProject } from 'vitest/node';
import { startControlPlane } from './start-control-plane.ts';

export interface SharedControlPlane {
  url: string;
  ca: string;
  token: string;
  auditLog: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    controlPlane: SharedControlPlane | undefined;
  }
}

/** One real control plane for the whole run, where there is one to start. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const assets = process.env.KUBEBUILDER_ASSETS;
  if (!assets) return undefined;
  const { endpoint, auditLog, stop } = await startControlPlane({ assets });
  const { url, ca = '', token = '' } = endpoint;
  project.provide('controlPlane', { url, ca, token, auditLog });
  return stop;
}
