import { qualified } from '../resources.ts';
import { forbidden } from '../status-error.ts';
import type { ResourceRequest } from './request-info.ts';

/** A set of rights in the words of a Role; an absent field or `*` means any. `pods/log` names a subresource. */
export interface Rule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  namespaces?: string[];
}

export interface User {
  name: string;
  /** What this user may do; absent: everything. */
  allowed?: Rule[];
}

export interface Attributes {
  verb: string;
  group: string;
  /** With its subresource: `pods/log`. */
  resource: string;
  /** Empty: cluster-wide. */
  namespace: string;
}

const within = (list: string[] | undefined, value: string) =>
  list === undefined || list.includes('*') || list.includes(value);

const covers = (rule: Rule, { verb, group, resource, namespace }: Attributes) =>
  within(rule.verbs, verb) &&
  within(rule.apiGroups, group) &&
  within(rule.resources, resource) &&
  within(rule.namespaces, namespace);

const mayDo = (user: User, denied: readonly Rule[], attributes: Attributes): boolean =>
  !denied.some((rule) => covers(rule, attributes)) &&
  (user.allowed === undefined || user.allowed.some((rule) => covers(rule, attributes)));

const attributesOf = ({ verb, resource, subresource, namespace }: ResourceRequest): Attributes => ({
  verb,
  group: resource.group,
  resource: subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`,
  namespace: namespace ?? '',
});

/** Throws the 403, in the API server's words, unless the user may. */
export function authorize(user: User, denied: readonly Rule[], request: ResourceRequest): void {
  const attributes = attributesOf(request);
  if (mayDo(user, denied, attributes)) return;
  const where = attributes.namespace === '' ? 'at the cluster scope' : `in the namespace "${attributes.namespace}"`;
  const what = `cannot ${attributes.verb} resource "${attributes.resource}" in API group "${attributes.group}" ${where}`;
  throw forbidden(request.resource, request.name ?? '', user.name, what);
}

/** Answers a SelfSubjectAccessReview. */
export function reviewAccess(user: User, denied: readonly Rule[], review: { spec?: Record<string, unknown> }) {
  const asked = (review.spec?.resourceAttributes ?? {}) as Record<string, string | undefined>;
  const { verb = '', group = '', resource = '', subresource, namespace = '' } = asked;
  const named = subresource ? `${resource}/${subresource}` : resource;
  const allowed = mayDo(user, denied, { verb, group, resource: named, namespace });
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec: review.spec ?? {},
    status: {
      allowed,
      ...(allowed ? {} : { reason: `no rule allows ${verb} ${qualified({ plural: named, group })}` }),
    },
  };
}
