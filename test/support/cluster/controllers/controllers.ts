import { RESOURCES, resourceOf, resourceOfKind } from '../resources.ts';
import { StatusError } from '../status-error.ts';
import type { StoreEvent } from '../store.ts';
import type { KubeObject } from '../types.ts';
import type { ControllerContext } from './context.ts';
import { reconcileDaemonSet } from './daemon-set.ts';
import { createDeploymentController } from './deployment.ts';
import { reconcileReplicaSet } from './replica-set.ts';
import { reconcileStatefulSet } from './stateful-set.ts';

type Reconcile = (object: KubeObject) => void;

const DEPENDENTS = ['replicasets', 'pods'];
const RETRY_MS = 100;

/** The controllers of workloads: each changed object is reconciled soon after, once, however often it changed. */
export function startControllers(base: Omit<ControllerContext, 'again'>): () => void {
  const { store, objects, scheduler } = base;
  const waiting = new Map<string, () => void>();
  let stopped = false;

  const queue = (plural: string, namespace: string | undefined, name: string, ms: number) => {
    const key = `${plural}/${namespace}/${name}${ms > 0 ? '/later' : ''}`;
    if (stopped || (ms === 0 && waiting.has(key))) return;
    waiting.get(key)?.();
    waiting.set(
      key,
      scheduler.after(ms, () => {
        waiting.delete(key);
        reconcile(plural, namespace, name);
      }),
    );
  };
  const reconcile = (plural: string, namespace: string | undefined, name: string) => {
    const object = store.get(plural, namespace, name);
    if (object === undefined || object.metadata.deletionTimestamp !== undefined) return;
    try {
      reconcilers[plural]?.(object);
    } catch (error) {
      // The name of a pod may still be taken, for instance.
      if (!(error instanceof StatusError)) throw error;
      queue(plural, namespace, name, RETRY_MS);
    }
  };
  const queueObject = ({ kind, metadata }: KubeObject, ms: number) =>
    queue(resourceOfKind(kind).plural, metadata.namespace, metadata.name, ms);

  const context: ControllerContext = { ...base, again: queueObject };
  const reconcilers: Record<string, Reconcile> = {
    deployments: createDeploymentController(context),
    replicasets: (set) => reconcileReplicaSet(context, set),
    statefulsets: (set) => reconcileStatefulSet(context, set),
    daemonsets: (set) => reconcileDaemonSet(context, set),
  };

  const queueOwner = ({ metadata }: KubeObject) => {
    const owner = metadata.ownerReferences?.find((reference) => reference.controller);
    const plural = owner && ['ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet'].includes(owner.kind);
    if (plural) queue(resourceOfKind(owner.kind).plural, metadata.namespace, owner.name, 0);
  };

  const emptyNamespace = (namespace: string) => {
    for (const resource of RESOURCES) {
      for (const object of store.list(resource.plural)) {
        if (object.metadata.namespace === namespace) objects.remove(resource, object, { gracePeriodSeconds: 0 });
      }
    }
  };

  const collectGarbage = ({ object }: StoreEvent, plural: string) => {
    if (plural === 'namespaces') emptyNamespace(object.metadata.name);
    for (const dependent of DEPENDENTS) {
      for (const child of store.ownedBy(object.metadata.uid, dependent)) objects.remove(resourceOf(dependent), child);
    }
  };

  const onEvent = (plural: string, event: StoreEvent) => {
    if (event.type === 'DELETED') collectGarbage(event, plural);
    if (reconcilers[plural]) queueObject(event.object, 0);
    if (plural === 'pods' || plural === 'replicasets') queueOwner(event.object);
    if (plural === 'nodes') for (const set of store.list('daemonsets')) queueObject(set, 0);
  };

  const unsubscribe = store.subscribe(onEvent);
  return () => {
    stopped = true;
    unsubscribe();
    for (const cancel of waiting.values()) cancel();
  };
}
