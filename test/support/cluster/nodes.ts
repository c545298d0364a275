import type { Objects } from './api/objects.ts';
import { resourceOf } from './resources.ts';
import { type Scheduler, timestamp } from './scheduler.ts';
import type { Store } from './store.ts';
import type { Json, Manifest } from './types.ts';

export const nodeManifest = (name: string, labels: Record<string, string> = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', ...labels } },
  spec: {},
});

export const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure'] as const;
export type Pressure = (typeof PRESSURES)[number];

export interface NodeHealth {
  /** Unknown: nothing is heard of the node any more. */
  ready: 'True' | 'False' | 'Unknown';
  pressures: ReadonlySet<Pressure>;
}

const HEALTHY: NodeHealth = { ready: 'True', pressures: new Set() };

const READINESS = {
  True: { reason: 'KubeletReady', message: 'kubelet is posting ready status' },
  False: { reason: 'KubeletNotReady', message: 'container runtime network not ready: cni plugin not initialized' },
  Unknown: { reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' },
};
const PRESSED: Record<Pressure, Record<'True' | 'False', { reason: string; message: string }>> = {
  MemoryPressure: {
    True: { reason: 'KubeletHasInsufficientMemory', message: 'kubelet has insufficient memory available' },
    False: { reason: 'KubeletHasSufficientMemory', message: 'kubelet has sufficient memory available' },
  },
  DiskPressure: {
    True: { reason: 'KubeletHasDiskPressure', message: 'kubelet has disk pressure' },
    False: { reason: 'KubeletHasNoDiskPressure', message: 'kubelet has no disk pressure' },
  },
  PIDPressure: {
    True: { reason: 'KubeletHasInsufficientPID', message: 'kubelet has insufficient PID available' },
    False: { reason: 'KubeletHasSufficientPID', message: 'kubelet has sufficient PID available' },
  },
};

/** Where the node is silent, the node controller knows nothing of its pressures either. */
function pressureCondition({ ready, pressures }: NodeHealth, type: Pressure): Json {
  if (ready === 'Unknown') return { type, status: 'Unknown', ...READINESS.Unknown };
  const status = pressures.has(type) ? 'True' : 'False';
  return { type, status, ...PRESSED[type][status] };
}

/** The status that a kubelet reports of its node, or that others report of one that fell silent. */
export function nodeStatus(now: number, health: NodeHealth = HEALTHY, before: Json = {}): Json {
  const at = timestamp(now);
  const resources = { cpu: '8', memory: '32Gi', pods: '250' };
  const stamped = (condition: Json): Json => {
    const previous = before.conditions?.find(({ type }: Json) => type === condition.type);
    const since = previous?.status === condition.status ? previous.lastTransitionTime : at;
    return { ...condition, lastHeartbeatTime: at, lastTransitionTime: since };
  };
  return {
    capacity: resources,
    allocatable: resources,
    conditions: [
      ...PRESSURES.map((type) => stamped(pressureCondition(health, type))),
      stamped({ type: 'Ready', status: health.ready, ...READINESS[health.ready] }),
    ],
    nodeInfo: { kubeletVersion: 'v1.34.0', osImage: 'Debian GNU/Linux 12 (bookworm)', architecture: 'amd64' },
  };
}

/** How each node is; what the next report of it says follows from that and from the last one. */
export function createNodeReports(now: () => number) {
  const healths = new Map<string, NodeHealth>();
  const reports = new Map<string, Json>();
  const report = (name: string, change: Partial<NodeHealth>): Json => {
    const health = { ...(healths.get(name) ?? HEALTHY), ...change };
    const status = nodeStatus(now(), health, reports.get(name));
    healths.set(name, health);
    reports.set(name, status);
    return status;
  };
  return {
    ready: (name: string, ready: NodeHealth['ready']): Json => report(name, { ready }),
    pressure(name: string, type: Pressure, on: boolean): Json {
      const pressures = new Set(healths.get(name)?.pressures);
      if (on) pressures.add(type);
      else pressures.delete(type);
      return report(name, { pressures });
    },
  };
}

export function createNodes(store: Store, objects: Objects, scheduler: Scheduler) {
  const reports = createNodeReports(() => scheduler.now());
  const write = (name: string, status: Json): void => {
    const node = objects.mustGet(resourceOf('nodes'), undefined, name);
    store.put('nodes', { ...node, status: { ...status, addresses: [{ type: 'InternalIP', address: '10.0.0.1' }] } });
  };
  const setReady = (name: string, ready: NodeHealth['ready']) => write(name, reports.ready(name, ready));
  return {
    names: () => store.list('nodes').map(({ metadata }) => metadata.name),
    setReady,
    setPressure: (name: string, type: Pressure, on: boolean) => write(name, reports.pressure(name, type, on)),
    add(name: string): void {
      objects.create(resourceOf('nodes'), undefined, nodeManifest(name));
      setReady(name, 'True');
    },
  };
}
