import { Redis } from 'ioredis';
import { pino } from 'pino';
import { every } from '../../../jobs/every.ts';
import { createFindingsPublisher } from '../../../jobs/findings-publisher.ts';
import { createFindingsReporter } from '../../../jobs/findings-reporter.ts';
import { createIncidentHub } from '../../../jobs/incident-hub.ts';
import { createIncidentStore } from '../../../jobs/incident-store.ts';
import { createPublishedFindings } from '../../../jobs/published-findings.ts';
import { createQueues } from '../../../jobs/queues.ts';
import { ownerKey } from '../../../src/incidents/finding.ts';
import type { Incident } from '../../../src/incidents/incident.ts';
import { createClusterClient } from '../../../src/kubernetes/client.ts';
import type { Clock } from '../../../src/kubernetes/clock.ts';
import { createSnapshot } from '../../../src/kubernetes/snapshot.ts';
import { createKeys } from '../../../src/requests/keys.ts';
import { settings as sample } from '../../incidents/sample.ts';
import type { LocalCluster } from '../../support/cluster/local-cluster-contract.ts';
import { realScheduler, type Scheduler } from '../../support/cluster/scheduler.ts';

const CLUSTER = 'live';

/** How often the agent tells and the hub looks, in ms on the wall. */
const TURN_MS = 20;

/** For that time to pass in a moment by which the hub calls something over. In ms of the quick clock. */
export const settings = { ...sample, quietMs: 20_000, pendingMs: 10_000 };

/** A clock that runs so many times as fast, so that what takes minutes can be waited for. */
export function createQuickClock(factor: number): Clock & Scheduler {
  const start = Date.now();
  const began = performance.now();
  const monotonic = () => (performance.now() - began) * factor;
  return {
    now: () => Math.floor(start + monotonic()),
    monotonic,
    random: Math.random,
    after: (ms, callback) => realScheduler.after(ms / factor, callback),
  };
}

export interface LiveOptions {
  cluster: LocalCluster;
  /** By which the cluster knows it: for faults that are for it alone. */
  token: string;
  clock: Clock;
  redis: { url: string; prefix: string };
}

/** Agent and hub up to the store, all but Slack and the Lease, in this process. `term`: one more with each restart. */
export async function startLiveIncidents({ cluster, token, clock, redis: server }: LiveOptions, term = 1) {
  const logger = pino({ level: 'silent' });
  const { now } = clock;
  const redis = new Redis(server.url);
  const keys = createKeys(server.prefix);
  const queues = createQueues(redis, keys.prefix);
  const client = createClusterClient({ kubeconfig: cluster.kubeconfig(token) });
  const snapshot = createSnapshot({ rest: client.rest, cluster: CLUSTER, namespaces: ['*'], clock });
  const watching = new AbortController();
  snapshot.start(watching.signal);

  const store = createIncidentStore({ redis, keys, onCommit: () => undefined, now });
  const findings = createPublishedFindings({ redis, keys, logger });
  let ids = 0;
  const newId = (kind: 'i' | 's') => `${kind}-${term}-${++ids}`;
  const hub = createIncidentHub({ store, findings, settings, queues, newId, now });
  const reporter = createFindingsReporter({
    signs: snapshot.signs,
    lease: { holder: () => ({ transitions: term }), onChange: () => () => undefined },
    publisher: createFindingsPublisher({ redis, keys, cluster: CLUSTER, now }),
    poke: async () => undefined,
    pendingMs: settings.pendingMs,
    logger,
    now,
  });
  let lookedAt = 0;
  const turning = every(
    TURN_MS,
    'a turn',
    async () => {
      await reporter.report();
      const { asOf = 0 } = await findings.mark(CLUSTER);
      await hub.look(CLUSTER);
      lookedAt = asOf;
    },
    logger,
  );

  return {
    open: async (): Promise<Incident[]> => (await store.open()).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    all: () => store.live(CLUSTER),
    /** ms since the epoch: how old the picture is that the incidents were last compared with. */
    asOf: () => lookedAt,
    async stop(): Promise<void> {
      await turning.stop();
      watching.abort();
      await snapshot.close();
      await client.close();
      await queues.close();
      redis.disconnect();
    },
  };
}

export type LiveIncidents = Awaited<ReturnType<typeof startLiveIncidents>>;

export function keyOf({ cause, owner }: Incident): string {
  return `${cause}/${ownerKey(owner)}`;
}
