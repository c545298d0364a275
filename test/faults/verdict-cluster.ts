import type { Request } from '../../src/requests/request.ts';
import type { Evidence } from './evidence.ts';

/** The marker of the request that a write was made for: `<request>.<revision>`. */
function markerIn(body: unknown): string | undefined {
  return /"opsbot\.dev\/request":"([^"]+)"/.exec(JSON.stringify(body ?? {}))?.[1];
}

/** How often the cluster may have been changed for a request that ended so. */
function timesAllowed({ effect, state, applied }: Request): readonly number[] {
  if (effect === 'read') return [0];
  if (state === 'succeeded') return [1];
  if (state === 'unknown') return [0, 1];
  if (state === 'failed') return [applied ? 1 : 0];
  return [0];
}

/** The cluster was changed exactly once for each request that was carried out, and never for another. */
export function aboutTheCluster({ requests, changes }: Evidence): string[] {
  const markers = changes.map(({ body }) => markerIn(body));
  const ids = markers.map((marker) => marker?.split('.')[0]);
  const known = new Set(requests.map(({ id }) => id));
  return [
    ...requests.flatMap((request) => {
      const times = ids.filter((id) => id === request.id).length;
      const isRight = timesAllowed(request).includes(times);
      return isRight ? [] : [`the cluster was changed ${times} times for ${request.id}, which is ${request.state}`];
    }),
    ...requests.flatMap(({ id, revision }) => {
      const others = markers.filter((marker) => marker?.startsWith(`${id}.`) && marker !== `${id}.${revision}`);
      return others.map((marker) => `the cluster was changed for ${marker}, and revision ${revision} is the newest`);
    }),
    ...ids.flatMap((id, at) =>
      id !== undefined && known.has(id) ? [] : [`somebody changed the cluster: ${markers[at]}`],
    ),
  ];
}
