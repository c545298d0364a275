import { findResource, type Resource } from '../resources.ts';

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

/** A request to a resource, as authorization, handlers and the record see it. */
export interface ResourceRequest {
  verb: Verb;
  resource: Resource;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
}

const PATH =
  /^\/(?:api|apis\/(?<group>[^/]+))\/(?<version>[^/]+)(?:\/namespaces\/(?<namespace>[^/]+)(?=\/))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<subresource>[^/]+))?$/;
const NAMESPACE = /^\/api\/v1\/namespaces\/(?<name>[^/]+)(?:\/(?<subresource>status|finalize))?$/;

const ON_ONE: Record<string, Verb> = { GET: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete', POST: 'create' };

function verbOf(method: string, name: string | undefined, query: URLSearchParams): Verb | undefined {
  if (name !== undefined) return ON_ONE[method];
  if (method === 'POST') return 'create';
  if (method !== 'GET') return undefined;
  const watch = query.get('watch');
  return watch === '1' || watch === 'true' ? 'watch' : 'list';
}

/** What the path asks for; `no path` and `no verb` are the server's 404 and 405. */
export function parseRequest(method: string, url: URL): ResourceRequest | 'no path' | 'no verb' {
  const one = NAMESPACE.exec(url.pathname);
  const parts = one ? { plural: 'namespaces', version: 'v1', ...one.groups } : PATH.exec(url.pathname)?.groups;
  if (parts === undefined) return 'no path';
  const { group, version, namespace, plural, name, subresource } = parts as Record<string, string | undefined>;
  const resource = findResource(group ?? '', version ?? '', plural ?? '');
  if (resource === undefined || (namespace !== undefined && !resource.namespaced)) return 'no path';
  const verb = verbOf(method, name, url.searchParams);
  if (verb === undefined) return 'no verb';
  return { verb, resource, namespace, name, subresource };
}
