import type { Redis } from 'ioredis';
import type { IncidentStore } from '../jobs/incident-store.ts';
import type { PublishedFindings } from '../jobs/published-findings.ts';
import { readQueues } from '../jobs/queue-figures.ts';
import type { Queues } from '../jobs/queues.ts';
import type { Unshown } from '../jobs/unshown.ts';
import type { Store } from './requests/store.ts';
import type { HubSources } from './telemetry/metrics.ts';
import type { IncidentFigures } from './telemetry/metrics-incidents.ts';
import { type OpenRequest, openRequest } from './telemetry/metrics-requests.ts';

export interface HubFiguresDependencies {
  redis: Redis;
  /** That of this installation; others are known by what their agents have told. */
  cluster: string;
  store: Store;
  queues: Queues;
  incidents: IncidentStore;
  findings: PublishedFindings;
  unshown: Unshown;
  now(): number;
}

/** Open requests that are looked at, and how many at a time: each has its plan and its story with it. */
const MOST = 1_000;
const AT_A_TIME = 100;

/** What a hub is asked for when its metrics are read. Everything comes from Redis, as it is by then. */
export function hubFigures(deps: HubFiguresDependencies): Omit<HubSources, 'connections'> {
  const { redis, store, incidents, findings, unshown } = deps;

  async function clusters(): Promise<string[]> {
    return [...new Set([deps.cluster, ...(await incidents.clusters())])];
  }

  async function openRequests(): Promise<OpenRequest[]> {
    const ids = await store.openIds(MOST);
    const open: OpenRequest[] = [];
    for (let from = 0; from < ids.length; from += AT_A_TIME) {
      open.push(...(await store.loadAll(ids.slice(from, from + AT_A_TIME))).map(openRequest));
    }
    return open;
  }

  async function vouchedAt(): Promise<IncidentFigures['vouchedAt']> {
    const known = await incidents.clusters();
    const marks = await Promise.all(
      known.map(async (cluster) => [cluster, (await findings.mark(cluster)).asOf] as const),
    );
    return Object.fromEntries(marks.flatMap(([cluster, at]) => (at === undefined ? [] : [[cluster, at]])));
  }

  return {
    ping: () => redis.ping(),
    queues: async () => readQueues(deps, await clusters()),
    requests: openRequests,
    async incidents() {
      const [open, behind, vouched] = await Promise.all([incidents.open(), unshown.count(), vouchedAt()]);
      return { open: open.map(({ severity }) => severity), unshown: behind, vouchedAt: vouched };
    },
  };
}
