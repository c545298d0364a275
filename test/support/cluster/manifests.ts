import { ownerReference } from './controllers/pods.ts';
import type { Json, KubeObject, Manifest } from './types.ts';

export interface WorkloadOptions {
  namespace?: string;
  replicas?: number;
  image?: string;
  containers?: Json[];
  initContainers?: Json[];
  /** Merged into the spec. */
  spec?: Json;
}

const podTemplate = (
  name: string,
  { image = `registry.example/${name}:1.0`, containers, initContainers }: WorkloadOptions,
) => ({
  metadata: { labels: { app: name } },
  spec: { containers: containers ?? [{ name, image }], ...(initContainers ? { initContainers } : {}) },
});

function workload(kind: string, name: string, options: WorkloadOptions): Manifest {
  const { namespace, replicas = 1, spec } = options;
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), labels: { app: name } },
    spec: {
      ...(kind === 'DaemonSet' ? {} : { replicas }),
      selector: { matchLabels: { app: name } },
      template: podTemplate(name, options),
      ...spec,
    },
  };
}

export const deployment = (name: string, options: WorkloadOptions = {}): Manifest =>
  workload('Deployment', name, options);
export const daemonSet = (name: string, options: WorkloadOptions = {}): Manifest =>
  workload('DaemonSet', name, options);
export const replicaSet = (name: string, options: WorkloadOptions = {}): Manifest =>
  workload('ReplicaSet', name, options);
export const statefulSet = (name: string, options: WorkloadOptions = {}): Manifest =>
  workload('StatefulSet', name, { ...options, spec: { serviceName: name, ...options.spec } });

export interface JobOptions extends Pick<WorkloadOptions, 'namespace' | 'image' | 'containers' | 'initContainers'> {
  restartPolicy?: 'Never' | 'OnFailure';
  /** Default 0: the first failure is the last. */
  backoffLimit?: number;
  /** The CronJob that it counts as made by. */
  owner?: KubeObject;
}

export function job(name: string, options: JobOptions = {}): Manifest {
  const { namespace, restartPolicy = 'Never', backoffLimit = 0, owner } = options;
  const template = podTemplate(name, options);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(owner ? { ownerReferences: [ownerReference(owner)] } : {}),
      labels: { app: name },
    },
    spec: { backoffLimit, template: { ...template, spec: { ...template.spec, restartPolicy } } },
  };
}

/** Nothing comes of it by itself: no cluster here has a controller for it. */
export function cronJob(name: string, options: Omit<JobOptions, 'owner'> = {}): Manifest {
  const { metadata, spec } = job(name, options);
  const schedule = '0 3 * * *';
  return { apiVersion: 'batch/v1', kind: 'CronJob', metadata, spec: { schedule, jobTemplate: { spec } } };
}

export function autoscaler(
  target: string,
  { namespace, min, max }: { namespace?: string; min: number; max: number },
): Manifest {
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: target, ...(namespace === undefined ? {} : { namespace }) },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: target },
      minReplicas: min,
      maxReplicas: max,
      targetCPUUtilizationPercentage: 80,
    },
  };
}
