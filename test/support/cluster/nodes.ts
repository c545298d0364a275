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

const READY = { status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' };
const LOST = { status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' };

/** The status that a kubelet reports of its node, or that others report of one that fell silent. */
export function nodeStatus(ready: boolean, now: number): Json {
  const at = timestamp(now);
  const times = { lastHeartbeatTime: at, lastTransitionTime: at };
  const fine = (type: string, reason: string) => ({ type, status: 'False', reason, message: reason, ...times });
  const resources = { cpu: '8', memory: '32Gi', pods: '250' };
  return {
    capacity: resources,
    allocatable: resources,
    conditions: [
      fine('MemoryPressure', 'KubeletHasSufficientMemory'),
      fine('DiskPressure', 'KubeletHasNoDiskPressure'),
      fine('PIDPressure', 'KubeletHasSufficientPID'),
      { type: 'Ready', ...(ready ? READY : LOST), ...times },
    ],
    nodeInfo: { kubeletVersion: 'v1.34.0', osImage: 'Debian GNU/Linux 12 (bookworm)', architecture: 'amd64' },
  };
}

export function createNodes(store: Store, objects: Objects, scheduler: Scheduler) {
  const setReady = (name: string, ready: boolean): void => {
    const node = objects.mustGet(resourceOf('nodes'), undefined, name);
    const status = { ...nodeStatus(ready, scheduler.now()), addresses: [{ type: 'InternalIP', address: '10.0.0.1' }] };
    store.put('nodes', { ...node, status });
  };
  return {
    names: () => store.list('nodes').map(({ metadata }) => metadata.name),
    setReady,
    add(name: string): void {
      objects.create(resourceOf('nodes'), undefined, nodeManifest(name));
      setReady(name, true);
    },
  };
}
