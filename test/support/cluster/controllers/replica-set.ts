import type { KubeObject } from '../types.ts';
import { type ControllerContext, createOwned, removePod, writeStatus } from './context.ts';
import { activePods, byWorth, isAvailable, isReady, podManifest } from './pods.ts';

function createPods(context: ControllerContext, set: KubeObject, count: number): void {
  for (let made = 0; made < count; made += 1) {
    const manifest = podManifest(set, set.spec.template, { generateName: `${set.metadata.name}-` });
    const pod = createOwned(context, set, 'pods', manifest);
    const message = `Created pod: ${pod.metadata.name}`;
    context.recordEvent(set, { type: 'Normal', reason: 'SuccessfulCreate', message });
  }
}

function removePods(context: ControllerContext, set: KubeObject, pods: KubeObject[]): void {
  for (const pod of pods) {
    removePod(context, pod);
    const message = `Deleted pod: ${pod.metadata.name}`;
    context.recordEvent(set, { type: 'Normal', reason: 'SuccessfulDelete', message });
  }
}

/** Makes as many pods exist as the ReplicaSet wants, and counts them. */
export function reconcileReplicaSet(context: ControllerContext, set: KubeObject): void {
  const { store, scheduler, second } = context;
  const { replicas: wanted, minReadySeconds = 0 } = set.spec;
  const pods = () => activePods(store.ownedBy(set.metadata.uid, 'pods'));
  const before = pods();
  if (before.length < wanted) createPods(context, set, wanted - before.length);
  else removePods(context, set, before.toSorted(byWorth).slice(0, before.length - wanted));

  const now = pods();
  const ready = now.filter(isReady);
  const available = ready.filter((pod) => isAvailable(pod, (minReadySeconds * second) / 1000, scheduler.now()));
  if (available.length < ready.length) context.again(set, minReadySeconds * second);
  const current = store.get('replicasets', set.metadata.namespace, set.metadata.name);
  if (current === undefined) return;
  writeStatus(context, current, {
    ...current.status,
    replicas: now.length,
    fullyLabeledReplicas: now.length,
    readyReplicas: ready.length,
    availableReplicas: available.length,
    observedGeneration: current.metadata.generation,
  });
}
