/** The free-form parts of Kubernetes objects: what matters about them is checked by whoever reads them. */
// biome-ignore lint/suspicious/noExplicitAny: manifests have no closed type here, as they have none on the wire
export type Json = any;

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  [field: string]: Json;
}

/** An object as the store holds it. Never changed in place: each write makes a new one. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec?: Json;
  status?: Json;
  [field: string]: Json;
}

/** What people write: the server fills in the rest. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name?: string; generateName?: string; namespace?: string; [field: string]: Json };
  [field: string]: Json;
}

/** Names a thing in the cluster by its kind: a workload, a pod, a node (no namespace). */
export interface Ref {
  kind: string;
  namespace?: string | undefined;
  name: string;
}
