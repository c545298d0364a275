import { randomUUID } from 'node:crypto';
import type { Rule } from '../cluster/api/access.ts';
import { createRawClient, type Endpoint, type RawClient } from '../cluster/http-client.ts';
import { type Attempt, created, endpointOf, untilAllowed } from './service-account.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const API_VERSION = 'rbac.authorization.k8s.io/v1';

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
  await created(client, path('roles'), {
    apiVersion: API_VERSION,
    kind: `${cluster}Role`,
    metadata,
    rules: [verbsOf(rule)],
  });
  await created(client, path('rolebindings'), {
    apiVersion: API_VERSION,
    kind: `${cluster}RoleBinding`,
    metadata,
    subjects: [{ kind: 'ServiceAccount', name, namespace: 'default' }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: `${cluster}Role`, name: metadata.name },
  });
}

function firstOf(rule: Rule, namespace: string | undefined): Attempt {
  const [verb = ''] = rule.verbs;
  const [resource = '', subresource] = (rule.resources?.[0] ?? 'pods').split('/');
  return { verb, group: rule.apiGroups?.[0] ?? '', resource, subresource, namespace };
}

/** A service account with these rights and no others; a rule without namespaces holds in the whole cluster. */
export async function createRestrictedUser(admin: Endpoint, rules: Rule[]): Promise<Endpoint> {
  const client = createRawClient(admin);
  const name = `restricted-${randomUUID().slice(0, 8)}`;
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } };
  await created(client, '/api/v1/namespaces/default/serviceaccounts', account);
  const scopes = rules.flatMap((rule) => (rule.namespaces ?? [undefined]).map((namespace) => ({ rule, namespace })));
  for (const { rule, namespace } of scopes) await grant(client, name, rule, namespace);
  const endpoint = await endpointOf(admin, client, { namespace: 'default', name });
  client.close();

  const own = createRawClient(endpoint);
  await untilAllowed(
    own,
    scopes.map(({ rule, namespace }) => firstOf(rule, namespace)),
  );
  own.close();
  return endpoint;
}
