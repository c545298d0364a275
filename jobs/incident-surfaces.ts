import type { Redis } from 'ioredis';
import type { IncidentSurface, IncidentSurfaces } from '../src/incidents/incidents.ts';
import { answering } from '../src/requests/answering.ts';
import type { Keys } from '../src/requests/keys.ts';
import { RETAIN_SECONDS } from '../src/requests/store.ts';

/** How long it is known where an incident is shown, in seconds: longer than it is kept once it is over. */
const SHOWN_SECONDS = 2 * RETAIN_SECONDS;

/** Where incidents and storms are shown, in Redis. */
export function createIncidentSurfaces(
  redis: Redis,
  keys: Keys,
): IncidentSurfaces & {
  /** For what stays open for months without a change: its place must not be forgotten before it ends. */
  keep(ids: readonly string[]): Promise<void>;
} {
  return {
    async get(id) {
      const stored = await answering(redis.get(keys.incidentSurface(id)));
      return stored === null ? undefined : (JSON.parse(stored) as IncidentSurface);
    },
    async put(id, surface) {
      await answering(redis.set(keys.incidentSurface(id), JSON.stringify(surface), 'EX', SHOWN_SECONDS));
    },
    async keep(ids) {
      const pipeline = redis.pipeline();
      for (const id of ids) pipeline.expire(keys.incidentSurface(id), SHOWN_SECONDS);
      await answering(pipeline.exec());
    },
  };
}
