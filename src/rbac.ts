import { stringify } from 'yaml';
import type { Access } from './kubernetes/cluster.ts';
import { namespaceScope } from './kubernetes/namespace-scope.ts';
import { type RightsQuestion, rightsOf } from './rights.ts';

/** The rights of an agent as Kubernetes takes them: Roles, or ClusterRoles, and who has them. */
const API_GROUP = 'rbac.authorization.k8s.io';
const API_VERSION = `${API_GROUP}/v1`;

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];

export interface RbacQuestion extends RightsQuestion {
  /** Its name; it is in opsbot's own namespace. */
  serviceAccount: string;
}

export interface Rule {
  apiGroups: string[];
  resources: string[];
  /** Only objects of these names; absent: all. */
  resourceNames?: string[];
  verbs: string[];
}

export interface RbacDocument {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  rules?: Rule[];
  roleRef?: { apiGroup: string; kind: string; name: string };
  subjects?: { kind: string; name: string; namespace: string }[];
}

/** As a rule names it: `pods/log`. */
function resourceOf({ resource, subresource }: Pick<Access, 'resource' | 'subresource'>): string {
  return subresource === undefined ? resource : `${resource}/${subresource}`;
}

interface ResourceVerbs {
  group: string;
  /** `pods/log` */
  resource: string;
  /** Of the one object; absent: all. */
  name?: string;
  verbs: string[];
}

/** All verbs of a resource together; sorted, whatever the input's order. */
export function verbsOfEach(rights: readonly Access[]): ResourceVerbs[] {
  const found = new Map<string, Omit<ResourceVerbs, 'verbs'> & { verbs: Set<string> }>();
  for (const { verb, name, ...access } of rights) {
    const resource = resourceOf(access);
    const key = [access.group, resource, name ?? ''].join(' ');
    const one = found.get(key) ?? { group: access.group, resource, ...(name && { name }), verbs: new Set<string>() };
    one.verbs.add(verb);
    found.set(key, one);
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => ({ ...one, verbs: [...one.verbs].sort((a, b) => VERBS.indexOf(a) - VERBS.indexOf(b)) }));
}

/** One rule for all resources of a group with the same verbs, in an order that does not depend on the input's. */
export function rulesOf(rights: readonly Access[]): Rule[] {
  const rules = new Map<string, Rule>();
  for (const { group, resource, name, verbs } of verbsOfEach(rights)) {
    const key = JSON.stringify([group, verbs, name]);
    const rule = rules.get(key) ?? { apiGroups: [group], resources: [], ...(name && { resourceNames: [name] }), verbs };
    rule.resources.push(resource);
    rules.set(key, rule);
  }
  return [...rules.values()];
}

/**
 * A Role and its binding in each namespace that is named; where there are patterns one ClusterRole with its binding.
 * The Lease is in opsbot's own namespace alone. The ServiceAccount itself is not among them.
 */
export function rbacDocuments(question: RbacQuestion): RbacDocument[] {
  const { home, serviceAccount } = question;
  const rights = rightsOf(question);
  const isLease = ({ parts }: (typeof rights)[number]) => parts.includes('lease');
  const inUse = rights.filter((right) => !isLease(right)).map(({ access }) => access);
  const lease = rights.filter(isLease).map(({ access }) => access);
  const bound = (name: string, namespace: string | undefined, accesses: readonly Access[]) =>
    roleAndBinding({ name, ...(namespace !== undefined && { namespace }) }, accesses, { serviceAccount, home });

  const places = namespaceScope(question.namespaces).named ?? [undefined];
  return [
    ...places.flatMap((place) =>
      bound(
        `${serviceAccount}-agent`,
        place,
        inUse.filter(({ namespace }) => namespace === place),
      ),
    ),
    ...bound(`${serviceAccount}-lease`, home, lease),
  ];
}

function roleAndBinding(
  metadata: { name: string; namespace?: string },
  rights: readonly Access[],
  { serviceAccount, home }: Pick<RbacQuestion, 'serviceAccount' | 'home'>,
): RbacDocument[] {
  const kind = metadata.namespace === undefined ? 'ClusterRole' : 'Role';
  return [
    { apiVersion: API_VERSION, kind, metadata, rules: rulesOf(rights) },
    {
      apiVersion: API_VERSION,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: API_GROUP, kind, name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', name: serviceAccount, namespace: home }],
    },
  ];
}

/** As `kubectl apply -f -` reads it. `header` stands before it as a comment, line by line. */
export function rbacYaml(documents: readonly RbacDocument[], header: readonly string[]): string {
  const comment = header.map((line) => `# ${line}\n`).join('');
  const options = { lineWidth: 0, aliasDuplicateObjects: false };
  return comment + documents.map((document) => stringify(document, options)).join('---\n');
}
