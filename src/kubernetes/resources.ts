import { InputError } from '../errors.ts';
import type { WorkloadKind } from './cluster.ts';

/** A kind of object and where the API server keeps it. */
export interface ResourceType {
  group: string;
  version: string;
  resource: string;
  kind: string;
  namespaced: boolean;
}

function resource(group: string, version: string, name: string, kind: string, namespaced = true): ResourceType {
  return { group, version, resource: name, kind, namespaced };
}

export const PODS = resource('', 'v1', 'pods', 'Pod');
export const EVENTS = resource('', 'v1', 'events', 'Event');
export const NODES = resource('', 'v1', 'nodes', 'Node', false);
export const NAMESPACES = resource('', 'v1', 'namespaces', 'Namespace', false);
export const AUTOSCALERS = resource('autoscaling', 'v1', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler');
export const JOBS = resource('batch', 'v1', 'jobs', 'Job');
export const LEASES = resource('coordination.k8s.io', 'v1', 'leases', 'Lease');
export const ACCESS_REVIEWS = resource(
  'authorization.k8s.io',
  'v1',
  'selfsubjectaccessreviews',
  'SelfSubjectAccessReview',
  false,
);

export const WORKLOADS: Readonly<Record<WorkloadKind, ResourceType>> = {
  Deployment: resource('apps', 'v1', 'deployments', 'Deployment'),
  StatefulSet: resource('apps', 'v1', 'statefulsets', 'StatefulSet'),
  DaemonSet: resource('apps', 'v1', 'daemonsets', 'DaemonSet'),
  ReplicaSet: resource('apps', 'v1', 'replicasets', 'ReplicaSet'),
};

/** What a call is about. Absent namespace: all of them. */
export interface ResourceTarget {
  type: ResourceType;
  namespace?: string | undefined;
  name?: string | undefined;
  subresource?: string | undefined;
}

/** Path below the server's address. Names come from people, so each is escaped. InputError where one is none. */
export function pathOf({ type, namespace, name, subresource }: ResourceTarget): string {
  const parts = type.group === '' ? ['api', type.version] : ['apis', type.group, type.version];
  if (type.namespaced && namespace !== undefined) parts.push('namespaces', namespace);
  parts.push(type.resource);
  if (name !== undefined) parts.push(name);
  if (subresource !== undefined) parts.push(subresource);
  return `/${parts.map(encodeSegment).join('/')}`;
}

/** `.` and `..` would climb in the path even when escaped, and an empty name would turn a get into a list. */
function encodeSegment(segment: string): string {
  if (/^\.{0,2}$/.test(segment)) throw new InputError(`“${segment}” is no name of anything in a cluster.`);
  return encodeURIComponent(segment);
}
