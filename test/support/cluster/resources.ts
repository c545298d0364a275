import type { KubeObject } from './types.ts';

/** One line of the API server's table: where a resource lives and what is particular to it. */
export interface Resource {
  group: string;
  version: string;
  plural: string;
  kind: string;
  namespaced: boolean;
  /** It has a status subresource: writes to the object leave its status alone, and the other way round. */
  status: boolean;
  scale: boolean;
  /** What counts as a change of what is wanted, and so raises metadata.generation. */
  generation: 'none' | 'spec' | 'spec or annotations';
  /** Field selectors beyond metadata.name and metadata.namespace. */
  fields: Record<string, (object: KubeObject) => string>;
}

const PLAIN = { namespaced: true, status: true, scale: false, generation: 'spec', fields: {} } as const;
const apps = { ...PLAIN, group: 'apps', version: 'v1' } as const;
const core = { ...PLAIN, group: '', version: 'v1', generation: 'none' } as const;

const involved = (field: string) => (event: KubeObject) => String(event.involvedObject?.[field] ?? '');

export const RESOURCES: readonly Resource[] = [
  {
    ...core,
    plural: 'pods',
    kind: 'Pod',
    fields: {
      'spec.nodeName': (pod) => pod.spec?.nodeName ?? '',
      'status.phase': (pod) => pod.status?.phase ?? '',
    },
  },
  { ...core, plural: 'nodes', kind: 'Node', namespaced: false },
  { ...core, plural: 'namespaces', kind: 'Namespace', namespaced: false },
  {
    ...core,
    plural: 'events',
    kind: 'Event',
    status: false,
    fields: {
      'involvedObject.uid': involved('uid'),
      'involvedObject.name': involved('name'),
      'involvedObject.namespace': involved('namespace'),
      'involvedObject.kind': involved('kind'),
      reason: (event) => event.reason ?? '',
      type: (event) => event.type ?? '',
    },
  },
  { ...apps, plural: 'deployments', kind: 'Deployment', scale: true, generation: 'spec or annotations' },
  { ...apps, plural: 'statefulsets', kind: 'StatefulSet', scale: true },
  { ...apps, plural: 'daemonsets', kind: 'DaemonSet' },
  { ...apps, plural: 'replicasets', kind: 'ReplicaSet', scale: true },
  {
    ...PLAIN,
    group: 'coordination.k8s.io',
    version: 'v1',
    plural: 'leases',
    kind: 'Lease',
    status: false,
    generation: 'none',
  },
  {
    ...PLAIN,
    group: 'autoscaling',
    version: 'v1',
    plural: 'horizontalpodautoscalers',
    kind: 'HorizontalPodAutoscaler',
    generation: 'none',
  },
  { ...PLAIN, group: 'policy', version: 'v1', plural: 'poddisruptionbudgets', kind: 'PodDisruptionBudget' },
  { ...PLAIN, group: 'batch', version: 'v1', plural: 'jobs', kind: 'Job' },
  { ...PLAIN, group: 'batch', version: 'v1', plural: 'cronjobs', kind: 'CronJob' },
];

const byKind = new Map(RESOURCES.map((resource) => [resource.kind, resource]));
const byPlural = new Map(RESOURCES.map((resource) => [resource.plural, resource]));

function known(resource: Resource | undefined, name: string): Resource {
  if (resource === undefined) throw new Error(`the local cluster has no ${name}`);
  return resource;
}

export const resourceOfKind = (kind: string): Resource => known(byKind.get(kind), kind);
export const resourceOf = (plural: string): Resource => known(byPlural.get(plural), plural);

export const findResource = (group: string, version: string, plural: string): Resource | undefined => {
  const found = byPlural.get(plural);
  return found?.group === group && found.version === version ? found : undefined;
};

export const apiVersionOf = ({ group, version }: Pick<Resource, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;

/** `deployments.apps`: how the API server names a resource in its messages. */
export const qualified = ({ plural, group }: Pick<Resource, 'plural' | 'group'>): string =>
  group === '' ? plural : `${plural}.${group}`;

/** The path of a resource's collection, or of one object. */
export function pathOf(resource: Resource, namespace: string | undefined, name?: string): string {
  const root = resource.group === '' ? '/api/v1' : `/apis/${resource.group}/${resource.version}`;
  const scope = resource.namespaced && namespace !== undefined ? `/namespaces/${namespace}` : '';
  return `${root}${scope}/${resource.plural}${name === undefined ? '' : `/${name}`}`;
}
