import { RESOURCES, resourceOf, resourceOfKind } from '../resources.ts';
import { StatusError } from '../status-error.ts';
import type { StoreEvent } from '../store.ts';
import type { KubeObject } from '../types.ts';
import type { ControllerContext } from './context.ts';
import { reconcileDaemonSet } from './daemon-set.ts';
import { createDeploymentController } from './deployment.ts';
import { reconcileJob } from './job.ts';
import { reconcileReplicaSet } from './replica-set.ts';
import { reconcileStatefulSet } from './stateful-set.ts';

type Reconcile = (object: KubeObject) => void;

const DEPENDENTS = ['replicasets', 'jobs', 'pods'];
const CONTROLLERS = ['ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job'];
const RETRY_MS = 100;
const IN_ENDING_NAMESPACE = { gracePeriodSeconds: 0, propagationPolicy: 'Background' } as const;

/** The controllers of workloads: each changed object is reconciled soon after, once, however often it changed. */
export function startControllers(base: Omit<ControllerContext, 'again'>) {
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
    jobs: (job) => reconcileJob(context, job),
  };

  const queueOwner = ({ metadata }: KubeObject) => {
    const owner = metadata.ownerReferences?.find((reference) => reference.controller);
    if (owner && CONTROLLERS.includes(owner.kind))
      queue(resourceOfKind(owner.kind).plural, metadata.namespace, owner.name, 0);
  };

  const emptyNamespace = (namespace: string) => {
    for (const resource of RESOURCES) {
      for (const object of store.list(resource.plural)) {
        if (object.metadata.namespace === namespace) objects.remove(resource, object, IN_ENDING_NAMESPACE);
      }
    }
  };

  const collectGarbage = ({ object }: StoreEvent, plural: string) => {
    if (plural === 'namespaces') emptyNamespace(object.metadata.name);
    for (const dependent of DEPENDENTS) {
      for (const child of store.ownedBy(object.metadata.uid, dependent)) {
        objects.remove(resourceOf(dependent), child, { propagationPolicy: 'Background' });
      }
    }
  };

  const onEvent = (plural: string, event: StoreEvent) => {
    if (event.type === 'DELETED') collectGarbage(event, plural);
    if (reconcilers[plural]) queueObject(event.object, 0);
    if (plural === 'pods' || plural === 'replicasets') queueOwner(event.object);
    if (plural === 'nodes') for (const set of store.list('daemonsets')) queueObject(set, 0);
  };

  const unsubscribe = store.subscribe(onEvent);
  return {
    /** As after a restart: everything is looked at once. */
    reconcileAll(): void {
      for (const plural of Object.keys(reconcilers)) for (const object of store.list(plural)) queueObject(object, 0);
    },
    stop(): void {
      stopped = true;
      unsubscribe();
      for (const cancel of waiting.values()) cancel();
    },
  };
}
