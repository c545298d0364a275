import type { Objects } from '../api/objects.ts';
import { resourceOf, resourceOfKind } from '../resources.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Store } from '../store.ts';
import type { Json, KubeObject, Manifest } from '../types.ts';
import type { EventRecorder } from './events.ts';

/** What every controller works with. */
export interface ControllerContext {
  store: Store;
  objects: Objects;
  scheduler: Scheduler;
  recordEvent: EventRecorder;
  /** ms that a second of `progressDeadlineSeconds` and `minReadySeconds` lasts. */
  second: number;
  /** Reconciles the object again after so many ms, even when nothing happens to it. */
  again(object: KubeObject, ms: number): void;
}

export function writeStatus(
  { objects }: ControllerContext,
  object: KubeObject,
  status: Json,
  annotations?: Json,
): void {
  const metadata = { ...object.metadata, ...(annotations === undefined ? {} : { annotations }) };
  objects.updateStatus(resourceOfKind(object.kind), object, { ...object, metadata, status });
}

export function createOwned(
  { objects }: ControllerContext,
  owner: KubeObject,
  plural: string,
  manifest: Manifest,
): KubeObject {
  return objects.create(resourceOf(plural), owner.metadata.namespace, manifest);
}

export function removePod({ objects }: ControllerContext, pod: KubeObject): void {
  objects.remove(resourceOf('pods'), pod);
}
