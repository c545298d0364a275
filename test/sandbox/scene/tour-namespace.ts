import { setTimeout as delay } from 'node:timers/promises';
import { deployment } from '../../support/cluster/manifests.ts';
import { createKubeHttp, type KubeAnswer } from './kube-http.ts';
import type { Scene } from './scene.ts';

const IMAGE = 'registry.k8s.io/pause:3.10';
const POLL_MS = 200;

export interface TourNamespace {
  /** Deletes it with all that is in it. Resolves when it is gone; throws where the cluster takes longer than that. */
  remove(): Promise<void>;
}

/** The tour's own namespace in somebody's cluster, with the one Deployment that it works on. */
export async function createTourNamespace(kubeconfig: string, { workload, patience }: Scene): Promise<TourNamespace> {
  const { namespace, name, replicas } = workload;
  const http = createKubeHttp(kubeconfig);
  const path = `/api/v1/namespaces/${namespace}`;

  async function remove(): Promise<void> {
    try {
      accepted(`deleting namespace ${namespace}`, await http.send('DELETE', path), [404, 409]);
      await until(
        `namespace ${namespace} to be gone`,
        patience,
        async () => (await http.send('GET', path)).status === 404,
      );
    } finally {
      await http.close();
    }
  }

  const metadata = { name: namespace, labels: { 'app.kubernetes.io/managed-by': 'opsbot-tour' } };
  const made = await http.send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata });
  if (made.status === 409) {
    await http.close();
    throw new Error(
      `Namespace ${namespace} is there already: another tour is under way, or one was killed. If it is not needed: kubectl delete namespace ${namespace}`,
    );
  }
  try {
    accepted(`creating namespace ${namespace}`, made);
    const manifest = deployment(name, { namespace, replicas, image: IMAGE });
    const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    accepted(`creating Deployment ${name}`, await http.send('POST', deployments, manifest));
  } catch (error) {
    await remove();
    throw error;
  }
  return { remove };
}

function accepted(what: string, { status, body }: KubeAnswer, alsoGood: readonly number[] = []): void {
  if (status < 300 || alsoGood.includes(status)) return;
  throw new Error(`${what}: the cluster answers ${status}: ${body.message ?? 'no reason given'}`);
}

/** Asks again and again: it has no snapshot of its own that would tell. */
async function until(what: string, ms: number, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`waited ${ms / 1000} s in vain for ${what}`);
    await delay(POLL_MS);
  }
}
