import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backend } from '../cluster/kit.ts';
import { writeKubeconfig } from '../cluster/kubeconfig.ts';
import type { Manifest } from '../cluster/types.ts';
import { changesOf, writesOf } from './audit-log.ts';
import { createRestrictedUser } from './restricted-user.ts';
import { CONTROLLER_USER, type ControlPlane } from './start-control-plane.ts';
import { startKubelet } from './start-kubelet.ts';

const LABEL = 'opsbot.test/file';

/** Keeps a DaemonSet on this file's nodes: those of other files come and go. */
function onOwnNodes(manifest: Manifest, id: string): Manifest {
  if (manifest.kind !== 'DaemonSet') return manifest;
  const { template } = manifest.spec;
  const spec = { ...template.spec, nodeSelector: { ...template.spec.nodeSelector, [LABEL]: id } };
  return { ...manifest, spec: { ...manifest.spec, template: { ...template, spec } } };
}

/** CronJobs are v1 since v1.21 only. */
const inOldGroups = (manifest: Manifest): Manifest =>
  manifest.kind === 'CronJob' ? { ...manifest, apiVersion: 'batch/v1beta1' } : manifest;

/** A file's share of a real control plane: nodes and namespaces of its own, and the kubelet that serves them. */
export async function startRealBackend(
  plane: Pick<ControlPlane, 'endpoint' | 'auditLog'>,
  stopPlane: () => Promise<void>,
): Promise<Backend> {
  const { endpoint, auditLog } = plane;
  const id = randomUUID().slice(0, 8);
  const nodes = [1, 2, 3].map((number) => `node-${id}-${number}`);
  const standIn = await startKubelet({
    ...{ endpoint, nodes },
    nodeLabels: { [LABEL]: id },
    accepts: (namespace) => namespace.startsWith(`test-${id}-`),
  });
  const { crash, oom, breakImage, breakConfig, failReadiness, unschedulable, freeze, recover, logs } = standIn.kubelet;
  const setLogs = logs.set;
  const folder = mkdtempSync(join(tmpdir(), 'opsbot-real-cluster-'));
  let names = 0;
  const nextName = (prefix: string) => {
    names += 1;
    return `${prefix}-${id}-${names}`;
  };
  return {
    kind: 'real',
    endpoint,
    local: undefined,
    commands: { crash, oom, breakImage, breakConfig, failReadiness, unschedulable, freeze, recover, setLogs },
    failNode: (name, { status = 'Unknown' } = {}) => standIn.setNodeReady(name, status),
    recoverNode: (name) => standIn.setNodeReady(name, 'True'),
    pressure: standIn.setPressure,
    nodes,
    writesOf: (ref) => writesOf(auditLog, ref, (user) => user === CONTROLLER_USER),
    changesOf: (ref) => changesOf(auditLog, ref),
    restricted: (rules) => createRestrictedUser(endpoint, rules),
    kubeconfig: (user) => writeKubeconfig(join(folder, nextName('kubeconfig')), user),
    newNamespace: () => nextName('test'),
    adapt: (manifest) => inOldGroups(onOwnNodes(manifest, id)),
    async stop() {
      rmSync(folder, { recursive: true, force: true });
      await standIn.stop();
      await stopPlane();
    },
  };
}
