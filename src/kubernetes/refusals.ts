import { listed } from './listed.ts';
import type { ListWatch } from './watch.ts';

/** At most so many places are named in one sentence. */
const PLACES_NAMED = 4;

/** What may not be listed although it is needed, in one sentence; undefined where everything may. */
export function refusalWords(needed: readonly ListWatch[]): string | undefined {
  const refused = needed.filter((watch) => watch.isDenied()).map(({ target }) => target);
  const byPlace = Map.groupBy(refused, ({ namespace }) => namespace);
  const placesOf = Map.groupBy(byPlace.keys(), (namespace) => {
    const resources = (byPlace.get(namespace) ?? []).map(({ type }) => type.resource);
    return listed(resources.sort(), 'and');
  });
  const parts = [...placesOf].map(([resources, places]) => `${resources} ${within(places)}`);
  return parts.length === 0 ? undefined : `opsbot may not list ${parts.join(', nor ')}.`;
}

/** The named namespaces of which not everything that is needed may be listed. */
export function unseenNamespaces(needed: readonly ListWatch[]): string[] {
  const unseen = needed.flatMap((watch) => (watch.isDenied() ? (watch.target.namespace ?? []) : []));
  return [...new Set(unseen)].sort();
}

function within(places: readonly (string | undefined)[]): string {
  const names = places.filter((place) => place !== undefined);
  const [name] = names;
  if (name === undefined) return 'in the whole cluster';
  if (names.length === 1) return `in namespace ${name}`;
  const more = names.length - PLACES_NAMED;
  return more > 0
    ? `in ${names.length} namespaces (${names.slice(0, PLACES_NAMED).join(', ')} and ${more} more)`
    : `in the namespaces ${listed(names, 'and')}`;
}
