import { Redis } from 'ioredis';
import { pino } from 'pino';
import { createFindingsPublisher } from '../../jobs/findings-publisher.ts';
import { createIncidentDesk } from '../../jobs/incident-desk.ts';
import { createIncidentHub } from '../../jobs/incident-hub.ts';
import { createIncidentStore } from '../../jobs/incident-store.ts';
import { createIncidentSurfaces } from '../../jobs/incident-surfaces.ts';
import { createIncidentSweep } from '../../jobs/incident-sweep.ts';
import { createPublishedFindings } from '../../jobs/published-findings.ts';
import { createQueues } from '../../jobs/queues.ts';
import { createUnshown } from '../../jobs/unshown.ts';
import { type Finding, findingKey } from '../../src/incidents/finding.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import { createKeys } from '../../src/requests/keys.ts';
import { CLUSTER, settings, T0 } from '../incidents/sample.ts';
import { statedPeople } from '../requests/hub-kit.ts';
import { startRedis } from '../support/redis.ts';

/** What carries incidents, on a real Redis, with a clock of the test; the test plays agent and Slack. */
export async function startIncidentKit(options: { settings?: Partial<typeof settings> } = {}) {
  const server = await startRedis();
  const keys = createKeys(server.prefix);
  const clock = { now: T0 };
  const now = () => clock.now;
  const logger = pino({ level: 'silent' });
  const configured = { ...settings, ...options.settings };
  const { people, standings, identities } = statedPeople();
  const ends: (() => Promise<unknown>)[] = [];
  let ids = 0;
  const newId = (kind: 'i' | 's') => `${kind}-${++ids}`;

  /** Another hub process, as far as Redis can tell. */
  function startHub() {
    const redis = new Redis(server.url);
    const queues = createQueues(redis, keys.prefix);
    ends.push(async () => {
      await queues.close();
      redis.disconnect();
    });
    const store = createIncidentStore({ redis, keys, onCommit: () => undefined, now });
    const findings = createPublishedFindings({ redis, keys, logger });
    const surfaces = createIncidentSurfaces(redis, keys);
    const unshown = createUnshown(redis, keys);
    const hub = createIncidentHub({ store, findings, settings: configured, queues, newId, now });
    const sweep = createIncidentSweep({
      store,
      findings,
      hub,
      unshown,
      surfaces,
      queues,
      settings: configured,
      logger,
      now,
    });
    const desk = createIncidentDesk({ store, findings, people, queues, logger, now });
    return { redis, queues, store, findings, surfaces, unshown, hub, sweep, desk };
  }
  const first = startHub();
  const publisher = createFindingsPublisher({ redis: first.redis, keys, cluster: CLUSTER, now });

  return {
    ...first,
    url: server.url,
    keys,
    clock,
    now,
    logger,
    newId,
    standings,
    identities,
    publisher,
    startHub,
    /** The agent tells that these are all there are, as of the clock. */
    async tell(findings: readonly Finding[], term = 1): Promise<void> {
      await publisher.claim(term);
      const changed = findings.map((finding): [string, string] => [findingKey(finding), JSON.stringify(finding)]);
      await publisher.publish(term, {
        asOf: String(clock.now),
        seenUntil: String(clock.now),
        complete: true,
        changed,
        gone: [],
      });
    },
    /** Tells them, and looks. */
    async found(findings: readonly Finding[]): Promise<Incident[]> {
      await this.tell(findings);
      return first.hub.look(CLUSTER);
    },
    async stop() {
      for (const end of ends) await end();
      await server.stop();
    },
  };
}
