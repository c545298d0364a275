import type { KubeObject } from '../types.ts';
import { type ControllerContext, createOwned, removePod, writeStatus } from './context.ts';
import { activePods, isAvailable, isReady, podManifest } from './pods.ts';
import { templateHash } from './template-hash.ts';

const REVISION = 'controller-revision-hash';

const affinityTo = (node: string) => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
    },
  },
});

const nodeOf = (pod: KubeObject): string =>
  pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0].matchFields[0]
    .values[0] ?? pod.spec.nodeName;

const fits = (set: KubeObject, node: KubeObject) =>
  Object.entries(set.spec.template.spec.nodeSelector ?? {}).every(
    ([key, value]) => node.metadata.labels?.[key] === value,
  );

function createPod(context: ControllerContext, set: KubeObject, node: string, revision: string): void {
  const { template } = set.spec;
  const bound = { ...template, spec: { ...template.spec, affinity: affinityTo(node) } };
  const manifest = podManifest(set, bound, {
    generateName: `${set.metadata.name}-`,
    labels: { [REVISION]: revision, 'pod-template-generation': String(set.metadata.generation) },
  });
  createOwned(context, set, 'pods', manifest);
}

/** Replaces outdated pods, as many at once as may be unavailable. */
function replaceOutdated(context: ControllerContext, set: KubeObject, pods: KubeObject[], revision: string): void {
  const { type, rollingUpdate } = set.spec.updateStrategy;
  if (type !== 'RollingUpdate') return;
  const outdated = pods.filter((pod) => pod.metadata.labels?.[REVISION] !== revision);
  const broken = outdated.filter((pod) => !isReady(pod));
  for (const pod of broken) removePod(context, pod);
  const unavailable = context.store.ownedBy(set.metadata.uid, 'pods').filter((pod) => !isReady(pod)).length;
  const leaving = context.store.ownedBy(set.metadata.uid, 'pods').length - pods.length;
  const room = Number.parseInt(String(rollingUpdate?.maxUnavailable ?? 1), 10) - unavailable - leaving;
  for (const pod of outdated.filter(isReady).slice(0, Math.max(0, room))) removePod(context, pod);
}

export function reconcileDaemonSet(context: ControllerContext, set: KubeObject): void {
  const { store, scheduler, second } = context;
  const { name, namespace, uid, generation } = set.metadata;
  const revision = templateHash(set.spec.template);
  const nodes = store
    .list('nodes')
    .filter((node) => fits(set, node))
    .map((node) => node.metadata.name);
  const owned = () => store.ownedBy(uid, 'pods');
  const covered = new Set(owned().map(nodeOf));
  for (const node of nodes) if (!covered.has(node)) createPod(context, set, node, revision);
  for (const pod of activePods(owned())) if (!nodes.includes(nodeOf(pod))) removePod(context, pod);
  replaceOutdated(context, set, activePods(owned()), revision);

  const current = store.get('daemonsets', namespace, name);
  if (current === undefined) return;
  const pods = activePods(owned());
  const ready = pods.filter(isReady);
  const settle = ((set.spec.minReadySeconds ?? 0) * second) / 1000;
  const available = ready.filter((pod) => isAvailable(pod, settle, scheduler.now())).length;
  if (available < ready.length) context.again(set, settle * 1000);
  writeStatus(context, current, {
    observedGeneration: generation,
    desiredNumberScheduled: nodes.length,
    currentNumberScheduled: pods.length,
    numberMisscheduled: 0,
    numberReady: ready.length,
    numberAvailable: available,
    ...(nodes.length > available ? { numberUnavailable: nodes.length - available } : {}),
    updatedNumberScheduled: pods.filter((pod) => pod.metadata.labels?.[REVISION] === revision).length,
  });
}
