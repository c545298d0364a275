import type { Action } from './actions/action.ts';
import type { Access } from './kubernetes/cluster.ts';
import { namespaceScope } from './kubernetes/namespace-scope.ts';
import {
  AUTOSCALERS,
  EVENTS,
  JOBS,
  LEASES,
  NAMESPACES,
  NODES,
  PODS,
  type ResourceType,
  WORKLOADS,
} from './kubernetes/resources.ts';

/**
 * What an agent does beside its actions. `picture`: Home, forms and incidents rest on it. `evidence`: logs and events
 * below an incident. `lease`: one agent of several reports incidents. `trail`: the Events that it leaves on what it
 * changes. The others are parts of Home that may be missing.
 */
export const PARTS = ['picture', 'nodes', 'namespaces', 'autoscalers', 'jobs', 'evidence', 'lease', 'trail'] as const;
export type Part = (typeof PARTS)[number];

/** One right that an agent needs, and everything that does not work without it. */
export interface Right {
  access: Access;
  actions: readonly string[];
  parts: readonly Part[];
}

export interface RightsQuestion {
  /** Names and patterns, as in the configuration. A pattern makes rights in the whole cluster necessary. */
  namespaces: readonly string[];
  actions: readonly Action[];
  /** The namespace that opsbot itself is in. */
  home: string;
}

/** The resources that the agent lists and watches in each namespace, and those that only a cluster has. */
const WATCHED: Readonly<Record<'namespaced' | 'cluster', Readonly<Partial<Record<Part, readonly ResourceType[]>>>>> = {
  namespaced: { picture: [PODS, ...Object.values(WORKLOADS)], autoscalers: [AUTOSCALERS], jobs: [JOBS] },
  cluster: { nodes: [NODES], namespaces: [NAMESPACES] },
};

/** What is read when the evidence of an incident is gathered, beside what is watched: only Deployments have a history. */
const EVIDENCE: readonly Access[] = [
  ...rightsTo(PODS, ['get']),
  ...rightsTo(WORKLOADS.Deployment, ['get']),
  ...rightsTo(EVENTS, ['list']),
  { verb: 'get', group: PODS.group, resource: PODS.resource, subresource: 'log' },
];

/** Events are only ever added. */
const TRAIL: readonly Access[] = rightsTo(EVENTS, ['create']);

/** The Lease whose holder is the one agent of the cluster that reports findings. */
export const AGENT_LEASE = 'opsbot-agent';

/** Of its name alone, except that RBAC knows no name yet where something is created. */
const LEASE: readonly Access[] = rightsTo(LEASES, ['get', 'create', 'update']).map((access) =>
  access.verb === 'create' ? access : { ...access, name: AGENT_LEASE },
);

function rightsTo({ group, resource }: ResourceType, verbs: readonly string[]): Access[] {
  return verbs.map((verb) => ({ verb, group, resource }));
}

/** Everything that an agent with this configuration needs, each right once; sorted in no particular way. */
export function rightsOf({ namespaces, actions, home }: RightsQuestion): Right[] {
  const { named } = namespaceScope(namespaces);
  const places = named ?? [undefined];
  const rights = createCollector();
  for (const namespace of places) {
    for (const [access, use] of usesInNamespace(actions)) rights.add({ ...access, namespace }, use);
  }
  if (!named) for (const [access, use] of watching('cluster')) rights.add(access, use);
  for (const access of LEASE) rights.add({ ...access, namespace: home }, { part: 'lease' });
  return rights.all();
}

/** What a right is for. */
interface Use {
  action?: string;
  part?: Part;
}

function usesInNamespace(actions: readonly Action[]): [Access, Use][] {
  const trail = actions.some(({ event }) => event) ? TRAIL : [];
  return [
    ...watching('namespaced'),
    ...EVIDENCE.map((access): [Access, Use] => [access, { part: 'evidence' }]),
    ...trail.map((access): [Access, Use] => [access, { part: 'trail' }]),
    ...actions.flatMap(({ name, permissions }) =>
      permissions.map((access): [Access, Use] => [access, { action: name }]),
    ),
  ];
}

function watching(scope: keyof typeof WATCHED): [Access, Use][] {
  return Object.entries(WATCHED[scope]).flatMap(([part, types]) =>
    types.flatMap((type) =>
      rightsTo(type, ['list', 'watch']).map((access): [Access, Use] => [access, { part: part as Part }]),
    ),
  );
}

function createCollector() {
  const found = new Map<string, { access: Access; actions: Set<string>; parts: Set<Part> }>();
  return {
    add(access: Access, { action, part }: Use): void {
      const { verb, group, resource, subresource, name, namespace } = access;
      const key = JSON.stringify([verb, group, resource, subresource, name, namespace]);
      const right = found.get(key) ?? { access, actions: new Set<string>(), parts: new Set<Part>() };
      if (action) right.actions.add(action);
      if (part) right.parts.add(part);
      found.set(key, right);
    },
    all: (): Right[] =>
      [...found.values()].map(({ access, actions, parts }) => ({ access, actions: [...actions], parts: [...parts] })),
  };
}
