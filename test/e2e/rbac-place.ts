import { randomUUID } from 'node:crypto';
import { parseAllDocuments } from 'yaml';
import type { RbacDocument } from '../../src/rbac.ts';
import { createRawClient, type Endpoint } from '../support/cluster/http-client.ts';
import type { ClusterKit } from '../support/clusters.ts';
import { applyRbac, type Grant, grantsOf, type Place, placed } from '../support/control-plane/apply-rbac.ts';
import { type Attempt, endpointOf, untilAllowed } from '../support/control-plane/service-account.ts';

export const documentsOf = (yaml: string) => parseAllDocuments(yaml).map((document) => document.toJS() as RbacDocument);

export const SERVICE_ACCOUNT: RbacDocument = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'opsbot', namespace: 'opsbot' },
};

/** What somebody installs, applied in namespaces of this test's own. */
export interface Installed {
  /** opsbot's own namespace. */
  home: string;
  /** Of the service account, by its own token. */
  endpoint: Endpoint;
  grants: Grant[];
}

/** `namespaces`: where the manifest's namespaces are in this cluster, apart from `opsbot`. */
export async function install(
  kit: ClusterKit,
  documents: readonly RbacDocument[],
  namespaces: Place['namespaces'] = {},
): Promise<Installed> {
  const home = await kit.namespace();
  const place = { namespaces: { ...namespaces, opsbot: home }, suffix: randomUUID().slice(0, 8) };
  const there = placed([SERVICE_ACCOUNT, ...documents], place);
  const admin = createRawClient(kit.endpoint);
  await applyRbac(admin, there);
  const endpoint = await endpointOf(kit.endpoint, admin, { namespace: home, name: 'opsbot' });
  admin.close();
  const own = createRawClient(endpoint);
  await untilAllowed(own, there.flatMap(firstAttempt));
  own.close();
  return { home, endpoint, grants: grantsOf(there) };
}

/** Once one rule of a Role counts, all of them do. */
function firstAttempt(document: RbacDocument): Attempt[] {
  const [grant] = grantsOf([document]);
  return grant === undefined ? [] : attemptsOf(grant).slice(0, 1);
}

/** Everything that a grant allows, one by one. */
export function attemptsOf({ apiGroups, resources, resourceNames, verbs, namespace }: Grant): Attempt[] {
  const names: readonly (string | undefined)[] = resourceNames ?? [undefined];
  return apiGroups.flatMap((group) =>
    resources.flatMap((named) => {
      const [resource = '', subresource] = named.split('/');
      return names.flatMap((name) => verbs.map((verb) => ({ verb, group, resource, subresource, name, namespace })));
    }),
  );
}
