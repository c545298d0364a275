import { setTimeout as delay } from 'node:timers/promises';
import type { Access } from '../../../src/kubernetes/cluster.ts';
import type { Endpoint, RawClient } from '../cluster/http-client.ts';
import { bodyOf } from './api-kubelet.ts';

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const POLL_MS = 20;

/** What somebody wants to do. */
export type Attempt = Access;

/** The answer's body. Throws where the object is there already, or was refused. */
export async function created(client: RawClient, path: string, body: unknown) {
  const made = bodyOf(await client.request('POST', path, { body }));
  if (made === undefined) throw new Error(`could not create ${path}`);
  return made;
}

/** How that service account, which has to be there, reaches the API server: by a token of its own. */
export async function endpointOf(
  admin: Endpoint,
  client: RawClient,
  account: { namespace: string; name: string },
): Promise<Endpoint> {
  const path = `/api/v1/namespaces/${account.namespace}/serviceaccounts/${account.name}/token`;
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const { status } = await created(client, path, request);
  return { ...admin, token: status.token };
}

/** Whether whoever the client is may do that, as the API server itself says. */
export async function may(client: RawClient, resourceAttributes: Attempt): Promise<boolean> {
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } };
  const answer = await client.request('POST', REVIEWS, { body });
  if (answer.status !== 201) throw new Error(`the review of ${JSON.stringify(resourceAttributes)}: ${answer.text}`);
  return answer.body.status.allowed === true;
}

/** The authorizer learns of new Roles and bindings by watches of its own. */
export async function untilAllowed(client: RawClient, attempts: readonly Attempt[]): Promise<void> {
  for (const attempt of attempts) while (!(await may(client, attempt))) await delay(POLL_MS);
}
