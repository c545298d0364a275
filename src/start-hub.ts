import { randomInt } from 'node:crypto';
import type { Logger } from 'pino';
import { createAuditStream } from '../jobs/audit-stream.ts';
import { checkRedis, openConnections } from '../jobs/connection.ts';
import { createDispatcher } from '../jobs/dispatcher.ts';
import { createHomeVisitors } from '../jobs/home-visitors.ts';
import { startHomeWorker } from '../jobs/home-worker.ts';
import { startHubWorkers } from '../jobs/hub-worker.ts';
import { createIncidentDesk } from '../jobs/incident-desk.ts';
import { createIncidentStore } from '../jobs/incident-store.ts';
import { createIncidentSurfaces } from '../jobs/incident-surfaces.ts';
import { createPace } from '../jobs/pace.ts';
import { createPublishedFindings } from '../jobs/published-findings.ts';
import { createPublishedSnapshot } from '../jobs/published-snapshot.ts';
import { createQueues } from '../jobs/queues.ts';
import { createReconciler } from '../jobs/reconciler.ts';
import { redisProblem } from '../jobs/redis-problem.ts';
import { showHome } from '../jobs/show-home.ts';
import { showNow } from '../jobs/show-now.ts';
import { startAuditKeeper } from '../jobs/start-audit-keeper.ts';
import { startIncidents } from '../jobs/start-incidents.ts';
import { createSurfaces } from '../jobs/surfaces.ts';
import { createUnshown } from '../jobs/unshown.ts';
import { enabledActions } from './actions/index.ts';
import { createApp } from './app.ts';
import type { Config, SlackConfig } from './config.ts';
import type { ReadinessChecks } from './http-server.ts';
import { hubFigures } from './hub-figures.ts';
import { decodeSnapshot } from './kubernetes/snapshot-codec.ts';
import type { SnapshotReader } from './kubernetes/snapshot-reader.ts';
import { createLineFile } from './line-file.ts';
import { createChange } from './requests/change.ts';
import { createDesk } from './requests/desk.ts';
import { createHistory } from './requests/history.ts';
import { createHub } from './requests/hub.ts';
import type { Keys } from './requests/keys.ts';
import type { CommitListener } from './requests/requests.ts';
import { createStore } from './requests/store.ts';
import { logRefusals } from './telemetry/log-refusals.ts';
import { logStory } from './telemetry/log-story.ts';
import type { Metrics } from './telemetry/metrics.ts';

/** One running role of the program. */
export interface Role {
  checks: ReadinessChecks;
  /** Takes nothing new, finishes what is in hand. */
  stop(): Promise<void>;
}

export interface HubRoleOptions {
  config: Config & { slack: SlackConfig };
  keys: Keys;
  /** The agent's of this process; absent: what an agent elsewhere published. */
  snapshot: SnapshotReader | undefined;
  allowsNamespace(namespace: string): boolean;
  metrics: Pick<Metrics, 'hub'>;
  logger: Logger;
}

/** Without letters and digits that are mistaken for each other on a phone. */
const ALPHABET = 'abcdefghjkmnpqrstvwxyz23456789';

/**
 * Like `r-k7m2q` for a request, `i-` for an incident, `s-` for a storm: short to type, and seen to be an id wherever it
 * stands (command-vote.ts knows a request's by its form).
 */
function newId(kind: 'r' | 'i' | 's'): string {
  const letters = Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]);
  return `${kind}-${letters.join('')}`;
}

/** The hub: faces Slack, decides, keeps the requests. */
export async function startHub(options: HubRoleOptions): Promise<Role> {
  const { config, keys, allowsNamespace, logger } = options;
  const now = Date.now;
  const { redis, work, disconnect } = await openConnections(config.redis, logger);
  await checkRedis(redis, logger);

  const { cluster } = config;
  const actions = enabledActions(config.actions);
  const snapshot = options.snapshot ?? createPublishedSnapshot({ redis, keys, cluster, decode: decodeSnapshot });
  logRefusals(logger);
  const listeners: CommitListener[] = [logStory(logger)];
  const store = createStore(redis, keys);
  const surfaces = createSurfaces(redis, keys);
  const queues = createQueues(redis, keys.prefix);
  const pace = createPace(redis, keys, now);
  const dispatcher = createDispatcher({ store, queues, logger, now });
  const onCommit: CommitListener = (request, events) => {
    for (const listener of listeners) listener(request, events);
  };
  const base = { store, surfaces, dispatch: dispatcher.dispatch, onCommit, now };
  const change = createChange(base);

  const incidentSurfaces = createIncidentSurfaces(redis, keys);
  const incidentStore = createIncidentStore({ redis, keys, onCommit: () => app.onIncidentChange(), now });
  const findings = createPublishedFindings({ redis, keys, logger });
  const incidents = createIncidentDesk({
    store: incidentStore,
    findings,
    people: { standing: (user) => app.people.standing(user), whoIs: (user) => app.people.whoIs(user) },
    queues,
    logger,
    now,
  });

  const app = createApp({
    config,
    logger,
    now,
    snapshot,
    surfaces,
    visitors: createHomeVisitors(redis, keys, now),
    outbox: { show: (id) => showNow(queues, id), showHome: (user) => showHome(queues, user) },
    pace,
    history: createHistory({ log: createAuditStream(redis, keys), store }),
    incidents,
    incidentSurfaces,
    actions,
    createRequests: (people) => createDesk({ ...base, change, people, actions, newId: () => newId('r') }),
  });
  const { people, notifier, incidentNotifier } = app;
  const rules = config.policy;
  const { keepReading } = surfaces;
  const hub = createHub({ store, change, people, rules, allowsNamespace, actions, keepReading, now });
  const unshown = createUnshown(redis, keys);
  const measured = options.metrics.hub({
    ...hubFigures({ redis, cluster, store, queues, incidents: incidentStore, findings, unshown, now }),
    connections: () => app.connections(),
  });
  listeners.push(measured.onCommit);
  // Signed in first: whoever decides a release has to know who people are.
  await app.start();
  listeners.push(app.onCommit);
  const workers = startHubWorkers({ connection: work, prefix: keys.prefix, queues, hub, notifier, logger });
  const homes = startHomeWorker({ connection: work, redis, keys, publishHome: app.publishHome, logger });
  const reconciling = createReconciler({ store, redis, keys, hub, dispatcher, queues, logger, now }).start();
  const watching = startIncidents({
    connection: work,
    redis,
    keys,
    queues,
    store: incidentStore,
    findings,
    surfaces: incidentSurfaces,
    notifier: incidentNotifier,
    pace,
    settings: { ...config.incidents, channel: config.channels.alerts },
    newId,
    logger,
    now,
  });
  const keeping = startAuditKeeper({
    redis,
    keys,
    settings: config.audit,
    append: config.audit.file === undefined ? undefined : createLineFile(config.audit.file),
    notifier: app.checkpointNotifier,
    logger,
  });

  return {
    checks: {
      redis: () => redisProblem(redis, keys.probe(cluster)),
      slack: () => app.problem(),
    },
    async stop() {
      await app.stop();
      await reconciling.stop();
      await Promise.all([workers.close(), homes.close(), watching.stop(), keeping.stop()]);
      await queues.close();
      disconnect();
    },
  };
}
