import type { Json, Manifest } from './types.ts';

export interface WorkloadOptions {
  namespace?: string;
  replicas?: number;
  image?: string;
  containers?: Json[];
  /** Merged into the spec. */
  spec?: Json;
}

const podTemplate = (name: string, { image = `registry.example/${name}:1.0`, containers }: WorkloadOptions) => ({
  metadata: { labels: { app: name } },
  spec: { containers: containers ?? [{ name, image }] },
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
