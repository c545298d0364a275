import type { KubeObject } from '../types.ts';
import { type ControllerContext, createOwned, removePod, writeStatus } from './context.ts';
import { isLeaving, isReady, podManifest } from './pods.ts';
import { templateHash } from './template-hash.ts';

const REVISION = 'controller-revision-hash';

const ordinalOf = ({ metadata }: KubeObject) => Number(metadata.name.slice(metadata.name.lastIndexOf('-') + 1));
const runs = (revision: string) => (pod: KubeObject) => pod.metadata.labels?.[REVISION] === revision;

function createPod(context: ControllerContext, set: KubeObject, ordinal: number, revision: string): void {
  const name = `${set.metadata.name}-${ordinal}`;
  const labels = { [REVISION]: revision, 'statefulset.kubernetes.io/pod-name': name };
  createOwned(context, set, 'pods', podManifest(set, set.spec.template, { name, labels }));
  const message = `create Pod ${name} in StatefulSet ${set.metadata.name} successful`;
  context.recordEvent(set, { type: 'Normal', reason: 'SuccessfulCreate', message });
}

/** Makes missing pods, in order; false while one of them must settle before anything else happens. */
function fill(context: ControllerContext, set: KubeObject, pods: KubeObject[], updated: string): boolean {
  const parallel = set.spec.podManagementPolicy === 'Parallel';
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(pod), pod]));
  // A pod that cannot become ready may still be replaced by one of the new template.
  const unsettled = (pod: KubeObject) => isLeaving(pod) || (!isReady(pod) && runs(updated)(pod));
  for (let ordinal = 0; ordinal < set.spec.replicas; ordinal += 1) {
    const pod = byOrdinal.get(ordinal);
    if (pod === undefined) createPod(context, set, ordinal, updated);
    if (!parallel && (pod === undefined || unsettled(pod))) return false;
  }
  return true;
}

/** The pod to go next: one too many, else one of an older template; the highest first, one at a time. */
function nextToGo({ spec }: KubeObject, pods: KubeObject[], updated: string): KubeObject | undefined {
  if (pods.some(isLeaving)) return undefined;
  const { type, rollingUpdate } = spec.updateStrategy;
  const surplus = pods.filter((pod) => ordinalOf(pod) >= spec.replicas);
  const isOutdated = (pod: KubeObject) => !runs(updated)(pod) && ordinalOf(pod) >= (rollingUpdate?.partition ?? 0);
  const candidates = surplus.length > 0 ? surplus : type === 'RollingUpdate' ? pods.filter(isOutdated) : [];
  return candidates.toSorted((a, b) => ordinalOf(b) - ordinalOf(a))[0];
}

export function reconcileStatefulSet(context: ControllerContext, set: KubeObject): void {
  const { store } = context;
  const { name, namespace, uid, generation } = set.metadata;
  const updated = `${name}-${templateHash(set.spec.template)}`;
  const before = store.ownedBy(uid, 'pods');
  const leaver = fill(context, set, before, updated) ? nextToGo(set, before, updated) : undefined;
  if (leaver) removePod(context, leaver);

  const current = store.get('statefulsets', namespace, name);
  if (current === undefined) return;
  const pods = store.ownedBy(uid, 'pods').filter((pod) => !isLeaving(pod));
  const ready = pods.filter(isReady).length;
  const updatedPods = pods.filter(runs(updated));
  const done = updatedPods.length === set.spec.replicas && pods.length === set.spec.replicas && ready === pods.length;
  const currentRevision = done ? updated : (current.status?.currentRevision ?? updated);
  writeStatus(context, current, {
    observedGeneration: generation,
    replicas: pods.length,
    readyReplicas: ready,
    availableReplicas: ready,
    currentReplicas: pods.filter(runs(currentRevision)).length,
    updatedReplicas: updatedPods.length,
    currentRevision,
    updateRevision: updated,
    collisionCount: 0,
  });
}
