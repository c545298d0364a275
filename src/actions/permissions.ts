import type { Access } from '../kubernetes/cluster.ts';

/** The rights that several actions share, as the rules of a Role. */
const WORKLOADS = ['deployments', 'statefulsets', 'daemonsets', 'replicasets'] as const;

export const READ_WORKLOADS: readonly Access[] = WORKLOADS.map((resource) => ({
  verb: 'get',
  group: 'apps',
  resource,
}));
export const LIST_PODS: readonly Access[] = [{ verb: 'list', group: '', resource: 'pods' }];
export const READ_EVENTS: readonly Access[] = [{ verb: 'list', group: '', resource: 'events' }];
export const READ_AUTOSCALERS: readonly Access[] = [
  { verb: 'list', group: 'autoscaling', resource: 'horizontalpodautoscalers' },
];

export function patchRights(resources: readonly (typeof WORKLOADS)[number][]): readonly Access[] {
  return resources.map((resource) => ({ verb: 'patch', group: 'apps', resource }));
}
