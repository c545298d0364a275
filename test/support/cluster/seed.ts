import { createHash, randomUUID } from 'node:crypto';
import { withDefaults } from './api/defaults.ts';
import { templateHash } from './controllers/template-hash.ts';
import { creatingStatus, readyStatus, runningStatus } from './kubelet/pod-status.ts';
import type { LocalCluster } from './local-cluster-contract.ts';
import { nodeManifest, nodeStatus } from './nodes.ts';
import { timestamp } from './scheduler.ts';
import type { Json, KubeObject } from './types.ts';

export interface SeedOptions {
  deployments: number;
  podsPerDeployment: number;
  nodes: number;
  /** Bytes of JSON that a pod takes at least; what real pods have too much of is filled in. Default 14,000. */
  podBytes?: number;
  namespaces?: number;
}

const AGE = 3_600_000;

/** What makes real pods big: environment and managed fields. Shared by all of them, so it costs memory once. */
function padding(bytes: number): { env: Json[]; managedFields: Json[] } {
  const env: Json[] = [];
  const fields: Record<string, Json> = {};
  const managedFields = [
    { manager: 'kubelet', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: fields },
  ];
  let size = 0;
  for (let index = 0; size < bytes; index += 1) {
    const value = createHash('sha256').update(String(index)).digest('hex');
    const variable = { name: `SERVICE_${index}_URL`, value: `http://svc-${index}.prod.svc:8080/${value}` };
    const field = `k:{"name":"${variable.name}"}`;
    env.push(variable);
    fields[field] = { '.': {}, 'f:name': {}, 'f:value': {} };
    size += JSON.stringify(variable).length + JSON.stringify(field).length + JSON.stringify(fields[field]).length + 2;
  }
  return { env, managedFields };
}

interface Base {
  now: number;
  meta(name: string, namespace: string | undefined, more?: Json): KubeObject['metadata'];
}

const ownedBy = (owner: KubeObject) => {
  const { apiVersion, kind, metadata } = owner;
  const { name, uid } = metadata;
  return [{ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }];
};

/** A Deployment that has been rolled out, its ReplicaSet, and its pods: as the controllers would have left them. */
function rolledOut(base: Base, index: number, options: Required<SeedOptions>, pad: ReturnType<typeof padding>) {
  const replicas = options.podsPerDeployment;
  const namespace = `team-${index % options.namespaces}`;
  const name = `app-${index}`;
  const labels = { app: name };
  const podSpec = { containers: [{ name: 'app', image: `registry.example/${name}:1.0`, env: pad.env }] };
  const status = { observedGeneration: 1, replicas, readyReplicas: replicas, availableReplicas: replicas };
  const at = timestamp(base.now);
  const condition = (type: string, reason: string, message: string) => ({
    ...{ type, status: 'True', reason, message, lastUpdateTime: at, lastTransitionTime: at },
  });
  const deployment = withDefaults({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: base.meta(name, namespace, {
      generation: 1,
      labels,
      annotations: { 'deployment.kubernetes.io/revision': '1' },
    }),
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec } },
    status: {
      ...status,
      updatedReplicas: replicas,
      conditions: [
        condition('Available', 'MinimumReplicasAvailable', 'Deployment has minimum availability.'),
        condition('Progressing', 'NewReplicaSetAvailable', `Deployment "${name}" has successfully progressed.`),
      ],
    },
  });
  const hash = templateHash(deployment.spec.template);
  const podLabels = { ...labels, 'pod-template-hash': hash };
  const set = withDefaults({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: base.meta(`${name}-${hash}`, namespace, {
      generation: 1,
      labels: podLabels,
      annotations: { 'deployment.kubernetes.io/revision': '1' },
      ownerReferences: ownedBy(deployment),
    }),
    spec: {
      replicas,
      selector: { matchLabels: podLabels },
      template: { metadata: { labels: podLabels }, spec: deployment.spec.template.spec },
    },
    status: { ...status, fullyLabeledReplicas: replicas },
  });
  const pods = Array.from({ length: replicas }, (_, ordinal) => {
    const number = index * replicas + ordinal;
    const suffix = createHash('sha256').update(`${number}`).digest('hex').slice(0, 5);
    const pod: KubeObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: base.meta(`${set.metadata.name}-${suffix}`, namespace, {
        labels: podLabels,
        ownerReferences: ownedBy(set),
        managedFields: pad.managedFields,
      }),
      spec: { ...set.spec.template.spec, nodeName: `big-node-${number % options.nodes}` },
    };
    return running(pod, base.now, `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`);
  });
  return { deployment, set, pods };
}

function running(pod: KubeObject, now: number, podIP: string): KubeObject {
  const created = { ...pod, status: creatingStatus(pod, now, podIP) };
  const started = { ...created, status: runningStatus(created, now) };
  return { ...started, status: readyStatus(started, now) };
}

/**
 * Fills a cluster with many finished workloads at once, without its controllers having any work with them.
 * They are ordinary objects from then on: scaling one of them rolls.
 */
export function seed({ store }: LocalCluster, options: SeedOptions): void {
  const full = { podBytes: 14_000, namespaces: 20, ...options };
  const now = Date.now();
  const created = timestamp(now - AGE);
  const base: Base = {
    now: now - AGE,
    meta: (name, namespace, more = {}) => ({
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid: randomUUID(),
      resourceVersion: '',
      creationTimestamp: created,
      ...more,
    }),
  };
  const plain = JSON.stringify(rolledOut(base, 0, { ...full, podsPerDeployment: 1 }, padding(0)).pods[0]).length;
  const pad = padding(full.podBytes - plain);

  const namespaces = Array.from({ length: full.namespaces }, (_, index) => ({
    ...{ apiVersion: 'v1', kind: 'Namespace', metadata: base.meta(`team-${index}`, undefined) },
    ...{ spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } },
  }));
  const nodes = Array.from({ length: full.nodes }, (_, index) => {
    const { metadata, ...node } = nodeManifest(`big-node-${index}`);
    const { name = '', ...rest } = metadata;
    return { ...node, metadata: base.meta(name, undefined, rest), status: nodeStatus(now) };
  });
  const apps = Array.from({ length: full.deployments }, (_, index) => rolledOut(base, index, full, pad));
  store.load('namespaces', namespaces);
  store.load('nodes', nodes);
  store.load(
    'deployments',
    apps.map(({ deployment }) => deployment),
  );
  store.load(
    'replicasets',
    apps.map(({ set }) => set),
  );
  store.load(
    'pods',
    apps.flatMap(({ pods }) => pods),
  );
}
