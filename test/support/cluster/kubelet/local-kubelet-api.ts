import type { Objects } from '../api/objects.ts';
import type { EventRecorder } from '../controllers/events.ts';
import { resourceOf } from '../resources.ts';
import type { Store } from '../store.ts';
import type { KubeObject } from '../types.ts';
import type { KubeletApi } from './perform-step.ts';

/** The kubelet's calls, straight into the store of the local cluster: its faults are for clients only. */
export function createLocalKubeletApi(store: Store, objects: Objects, recordEvent: EventRecorder): KubeletApi {
  const pods = resourceOf('pods');
  const current = ({ metadata }: KubeObject) => {
    const found = store.get('pods', metadata.namespace, metadata.name);
    return found?.metadata.uid === metadata.uid ? found : undefined;
  };
  return {
    async bind(pod, node) {
      const found = current(pod);
      return found && store.put('pods', { ...found, spec: { ...found.spec, nodeName: node } });
    },
    async setStatus(pod, status) {
      const found = current(pod);
      return found && store.put('pods', { ...found, status });
    },
    async finish(pod) {
      const found = current(pod);
      if (found) objects.remove(pods, found, { gracePeriodSeconds: 0 });
      return undefined;
    },
    async recordEvent(about, event) {
      if (current(about)) recordEvent(about, event);
    },
  };
}
