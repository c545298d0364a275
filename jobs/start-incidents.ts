import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { IncidentSettings } from '../src/incidents/incident.ts';
import type { IncidentNotifier } from '../src/incidents/incidents.ts';
import type { Keys } from '../src/requests/keys.ts';
import { createIncidentHub } from './incident-hub.ts';
import { createIncidentOutbox } from './incident-outbox.ts';
import type { IncidentStore } from './incident-store.ts';
import type { createIncidentSurfaces } from './incident-surfaces.ts';
import { createIncidentSweep } from './incident-sweep.ts';
import { startIncidentWorkers } from './incident-workers.ts';
import type { IncidentPace } from './pace.ts';
import type { PublishedFindings } from './published-findings.ts';
import type { Queues } from './queues.ts';
import { createUnshown } from './unshown.ts';

export interface IncidentsDependencies {
  /** For workers, which wait for Redis. */
  connection: Redis;
  redis: Redis;
  keys: Keys;
  queues: Queues;
  store: IncidentStore;
  findings: PublishedFindings;
  surfaces: ReturnType<typeof createIncidentSurfaces>;
  notifier: IncidentNotifier;
  pace: IncidentPace;
  settings: IncidentSettings;
  newId(kind: 'i' | 's'): string;
  logger: Logger;
  now(): number;
}

/** The hub's part in incidents: from what agents find to what channels show. */
export function startIncidents(deps: IncidentsDependencies) {
  const { connection, redis, keys, logger } = deps;
  const hub = createIncidentHub(deps);
  const unshown = createUnshown(redis, keys);
  const sweep = createIncidentSweep({ ...deps, hub, unshown });
  const wait = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(() => undefined);
  const outbox = createIncidentOutbox({ ...deps, unshown, wait });
  const workers = startIncidentWorkers({ connection, prefix: keys.prefix, hub, sweep, outbox, logger });
  const sweeping = sweep.start();
  return {
    /** Nothing more is begun; what is left, another hub or the next start goes on with. */
    async stop(): Promise<void> {
      await Promise.all([sweeping.stop(), workers.close()]);
    },
  };
}
