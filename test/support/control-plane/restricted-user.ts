import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Rule } from '../cluster/api/access.ts';
import { createRawClient, type Endpoint, type RawClient } from '../cluster/http-client.ts';
import { bodyOf } from './api-kubelet.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const API_VERSION = 'rbac.authorization.k8s.io/v1';
const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const POLL_MS = 20;

const post = async (client: RawClient, path: string, body: unknown) => {
  const made = bodyOf(await client.request('POST', path, { body }));
  if (made === undefined) throw new Error(`could not create ${path}`);
  return made;
};

const verbsOf = (rule: Rule) => ({
  verbs: rule.verbs,
  apiGroups: rule.apiGroups ?? ['*'],
  resources: rule.resources ?? ['*'],
});

async function grant(client: RawClient, name: string, rule: Rule, namespace: string | undefined): Promise<void> {
  const cluster = namespace === undefined ? 'Cluster' : '';
  const where = namespace === undefined ? RBAC : `${RBAC}/namespaces/${namespace}`;
  const path = (kind: 'roles' | 'rolebindings') => `${where}/${cluster.toLowerCase()}${kind}`;
  const metadata = { name: `${name}-${randomUUID().slice(0, 8)}` };
  await post(client, path('roles'), {
    apiVersion: API_VERSION,
    kind: `${cluster}Role`,
    metadata,
    rules: [verbsOf(rule)],
  });
  await post(client, path('rolebindings'), {
    apiVersion: API_VERSION,
    kind: `${cluster}RoleBinding`,
    metadata,
    subjects: [{ kind: 'ServiceAccount', name, namespace: 'default' }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: `${cluster}Role`, name: metadata.name },
  });
}

/** The authorizer learns of new bindings by a watch of its own. */
async function untilGranted(client: RawClient, rule: Rule, namespace: string | undefined): Promise<void> {
  const [verb] = rule.verbs;
  const [resource = '', subresource] = (rule.resources?.[0] ?? 'pods').split('/');
  const resourceAttributes = { verb, group: rule.apiGroups?.[0] ?? '', resource, subresource, namespace };
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } };
  for (;;) {
    const { body: review } = await client.request('POST', REVIEWS, { body });
    if (review?.status?.allowed) return;
    await delay(POLL_MS);
  }
}

/** A service account with these rights and no others; a rule without namespaces holds in the whole cluster. */
export async function createRestrictedUser(admin: Endpoint, rules: Rule[]): Promise<Endpoint> {
  const client = createRawClient(admin);
  const name = `restricted-${randomUUID().slice(0, 8)}`;
  const accounts = '/api/v1/namespaces/default/serviceaccounts';
  await post(client, accounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } });
  const scopes = rules.flatMap((rule) => (rule.namespaces ?? [undefined]).map((namespace) => ({ rule, namespace })));
  for (const { rule, namespace } of scopes) await grant(client, name, rule, namespace);
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const { status } = await post(client, `${accounts}/${name}/token`, request);
  client.close();

  const endpoint = { ...admin, token: status.token };
  const own = createRawClient(endpoint);
  for (const { rule, namespace } of scopes) await untilGranted(own, rule, namespace);
  own.close();
  return endpoint;
}
