import { apiVersionOf } from '../resources.ts';
import { badRequest, futureRevision, StatusError, tooLargeResourceVersion } from '../status-error.ts';
import { keyOf, type Store } from '../store.ts';
import type { KubeObject } from '../types.ts';
import type { ResourceRequest } from './request-info.ts';
import { fieldMatcher, labelMatcher, type Matcher } from './selectors.ts';
import { itemText } from './serialize.ts';

/** The selectors and the namespace of a list or watch, as one test. */
export function matcherOf({ resource, namespace }: ResourceRequest, query: URLSearchParams): Matcher {
  const labels = labelMatcher(query.get('labelSelector'));
  const fields = fieldMatcher(resource, query.get('fieldSelector'));
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) && labels(object) && fields(object);
}

interface Continue {
  rv: number;
  start: string;
}

const encode = ({ rv, start }: Continue) =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv, start: `${start}\0` })).toString('base64url');

function decode(token: string): Continue {
  try {
    const { rv, start } = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (typeof rv === 'number' && typeof start === 'string') return { rv, start: start.replace(/\0$/, '') };
  } catch {
    // Falls through to the refusal.
  }
  throw badRequest('invalid continue token: continue key is not valid');
}

export function parseVersion(text: string | null): number {
  if (text === null || text === '') return 0;
  if (/^\d+$/.test(text)) return Number(text);
  const problem = `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`;
  throw new StatusError(500, undefined, problem);
}

const keyOfObject = ({ metadata }: KubeObject) => keyOf(metadata.namespace, metadata.name);

interface Page {
  items: KubeObject[];
  rest: number;
}

function pageAfter(objects: readonly KubeObject[], matches: Matcher, after: string | undefined, limit: number): Page {
  const items: KubeObject[] = [];
  let rest = 0;
  for (const object of objects) {
    if ((after !== undefined && keyOfObject(object) <= after) || !matches(object)) continue;
    if (items.length < limit) items.push(object);
    else rest += 1;
  }
  return { items, rest };
}

/** How many items the answer may have, and from which earlier list it goes on. */
function pagingOf(query: URLSearchParams): { limit: number; from: Continue | undefined } {
  const token = query.get('continue');
  const version = query.get('resourceVersion');
  parseVersion(version);
  if (token) {
    if (version && version !== '0') {
      throw badRequest('specifying resource version is not allowed when using continue');
    }
    return { limit: Number(query.get('limit')) || Number.POSITIVE_INFINITY, from: decode(token) };
  }
  // At version 0 the answer comes from the watch cache, which knows no pages.
  const limit = version === '0' ? 0 : Number(query.get('limit'));
  return { limit: limit || Number.POSITIVE_INFINITY, from: undefined };
}

/** The refusal of a list that asks for a version which this server has not seen: after a restore, or for nonsense. */
export function refusedFuture(store: Store, query: URLSearchParams): StatusError | undefined {
  const token = query.get('continue');
  const asked = token ? decode(token).rv : parseVersion(query.get('resourceVersion'));
  if (asked <= store.revision()) return undefined;
  return token || query.get('limit') ? futureRevision() : tooLargeResourceVersion(asked, store.revision());
}

/** The JSON of a list: a page of it where `limit` asks for one, its next pages as of the first one's moment. */
export function listText(store: Store, request: ResourceRequest, query: URLSearchParams): string {
  const { resource } = request;
  const { limit, from } = pagingOf(query);
  const objects = from ? store.listAt(resource.plural, from.rv) : store.list(resource.plural);
  const { items, rest } = pageAfter(objects, matcherOf(request, query), from?.start, limit);
  const last = items.at(-1);
  const revision = from?.rv ?? store.revision();
  const more = rest > 0 && last ? { continue: encode({ rv: revision, start: keyOfObject(last) }) } : {};
  if (rest > 0 && !from) store.keepList(resource.plural);
  const selective = query.get('labelSelector') || query.get('fieldSelector');
  const remaining = rest > 0 && !selective ? { remainingItemCount: rest } : {};
  const metadata = JSON.stringify({ resourceVersion: String(revision), ...more, ...remaining });
  const head = `"kind":"${resource.kind}List","apiVersion":"${apiVersionOf(resource)}","metadata":${metadata}`;
  return `{${head},"items":[${items.map(itemText).join(',')}]}\n`;
}
