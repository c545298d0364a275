import { resourceOf } from '../resources.ts';
import type { Json, KubeObject } from '../types.ts';
import { type ControllerContext, createOwned, writeStatus } from './context.ts';
import { deadlineOf, deploymentStatus, type ProgressClock } from './deployment-status.ts';
import { ownerReference } from './pods.ts';
import { nextSizes, resolveBounds, type SetSize } from './rollout-sizes.ts';
import { templateHash } from './template-hash.ts';

const HASH = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';

const revisionOf = (object: KubeObject) => Number(object.metadata.annotations?.[REVISION] ?? 0);
const sizeOf = (set: KubeObject): SetSize => ({
  name: set.metadata.name,
  replicas: set.spec.replicas,
  available: set.status?.availableReplicas ?? 0,
});

function createSet(context: ControllerContext, deployment: KubeObject, hash: string, revision: number): KubeObject {
  const { name } = deployment.metadata;
  const { template, selector, minReadySeconds } = deployment.spec;
  const labels = { ...template.metadata?.labels, [HASH]: hash };
  return createOwned(context, deployment, 'replicasets', {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      labels,
      annotations: { [REVISION]: String(revision) },
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { matchLabels: { ...selector.matchLabels, [HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  });
}

function setRevision({ store }: ControllerContext, set: KubeObject, revision: number): KubeObject {
  const annotations = { ...set.metadata.annotations, [REVISION]: String(revision) };
  return store.put('replicasets', { ...set, metadata: { ...set.metadata, annotations } });
}

function resize(context: ControllerContext, deployment: KubeObject, set: KubeObject, replicas: number): void {
  const before = set.spec.replicas;
  if (before === replicas) return;
  context.objects.update(resourceOf('replicasets'), set, { ...set, spec: { ...set.spec, replicas } });
  const how = replicas > before ? 'up' : 'down';
  const message = `Scaled ${how} replica set ${set.metadata.name} to ${replicas}`;
  context.recordEvent(deployment, { type: 'Normal', reason: 'ScalingReplicaSet', message });
}

/** All old pods go before the first new one comes. */
function recreateSizes(desired: number, fresh: KubeObject, old: KubeObject[], podsLeft: boolean): Map<string, number> {
  const sizes = new Map(old.map((set) => [set.metadata.name, 0]));
  return sizes.set(fresh.metadata.name, podsLeft ? fresh.spec.replicas : desired);
}

function wantedSizes(context: ControllerContext, deployment: KubeObject, fresh: KubeObject, old: KubeObject[]) {
  const { replicas: desired, strategy } = deployment.spec;
  if (strategy.type === 'Recreate') {
    const podsLeft = old.some((set) => context.store.ownedBy(set.metadata.uid, 'pods').length > 0);
    return recreateSizes(desired, fresh, old, podsLeft);
  }
  const bounds = resolveBounds(desired, strategy.rollingUpdate);
  return nextSizes({ desired, ...bounds, fresh: sizeOf(fresh), old: old.map(sizeOf) });
}

export function createDeploymentController(context: ControllerContext) {
  const progress = new Map<string, number>();
  const clock: ProgressClock = ({ metadata }, moved) => {
    const at = moved ?? progress.get(metadata.uid) ?? context.scheduler.now();
    progress.set(metadata.uid, at);
    return at;
  };

  const setsOf = ({ metadata }: KubeObject) =>
    context.store.ownedBy(metadata.uid, 'replicasets').toSorted((a, b) => revisionOf(a) - revisionOf(b));

  /** The set of the current template, made or brought back where needed. A paused Deployment gets none. */
  const freshSet = (deployment: KubeObject, sets: KubeObject[]) => {
    const hash = templateHash(deployment.spec.template);
    const found = sets.find((set) => set.metadata.labels?.[HASH] === hash);
    const latest = Math.max(0, ...sets.map(revisionOf));
    if (found === undefined) {
      if (deployment.spec.paused) return { fresh: undefined, created: false };
      return { fresh: createSet(context, deployment, hash, latest + 1), created: true };
    }
    const rolledBack = revisionOf(found) < latest;
    return { fresh: rolledBack ? setRevision(context, found, latest + 1) : found, created: false };
  };

  const resizeSets = (deployment: KubeObject, fresh: KubeObject | undefined) => {
    const sets = setsOf(deployment);
    const { replicas, paused } = deployment.spec;
    if (paused || fresh === undefined) {
      const active = fresh ?? sets.at(-1);
      if (active) resize(context, deployment, active, replicas);
      return;
    }
    const old = sets.filter((set) => set.metadata.uid !== fresh.metadata.uid);
    const sizes = wantedSizes(context, deployment, fresh, old);
    for (const set of sets) resize(context, deployment, set, sizes.get(set.metadata.name) ?? set.spec.replicas);
  };

  const writeBack = (deployment: KubeObject, freshUid: string | undefined, created: boolean) => {
    const sets = setsOf(deployment);
    const fresh = sets.find((set) => set.metadata.uid === freshUid);
    const input = { deployment, fresh, sets, now: context.scheduler.now(), second: context.second, created };
    const status = deploymentStatus(input, clock);
    const annotations = fresh && { ...deployment.metadata.annotations, [REVISION]: String(revisionOf(fresh)) };
    writeStatus(context, deployment, status, annotations);
    const rolling = status.conditions.some(
      (item: Json) =>
        item.type === 'Progressing' && ['NewReplicaSetCreated', 'ReplicaSetUpdated'].includes(item.reason),
    );
    if (rolling) context.again(deployment, Math.max(1, clock(deployment) + deadlineOf(input) - input.now));
  };

  return (deployment: KubeObject): void => {
    const { fresh, created } = freshSet(deployment, setsOf(deployment));
    resizeSets(deployment, fresh);
    writeBack(deployment, fresh?.metadata.uid, created);
  };
}
