import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { startAgentWorker } from '../jobs/agent-worker.ts';
import { openConnections } from '../jobs/connection.ts';
import { startDiagnosisWorker } from '../jobs/diagnosis-worker.ts';
import { createFindingsPublisher } from '../jobs/findings-publisher.ts';
import { createFindingsReporter } from '../jobs/findings-reporter.ts';
import { lookAt } from '../jobs/incident-jobs.ts';
import { startSnapshotPublisher } from '../jobs/published-snapshot.ts';
import { createQueues } from '../jobs/queues.ts';
import { redisProblem } from '../jobs/redis-problem.ts';
import { createReporter } from '../jobs/reporter.ts';
import { enabledActions } from './actions/index.ts';
import type { Config, KubernetesConfig } from './config.ts';
import { createClusterClient } from './kubernetes/client.ts';
import { createLease } from './kubernetes/lease.ts';
import { createSnapshot } from './kubernetes/snapshot.ts';
import { encodeSnapshot } from './kubernetes/snapshot-codec.ts';
import type { SnapshotReader } from './kubernetes/snapshot-reader.ts';
import type { Keys } from './requests/keys.ts';
import { AGENT_LEASE } from './rights.ts';
import { createRightsReview } from './rights-review.ts';
import type { Role } from './start-hub.ts';
import { logOrders } from './telemetry/log-orders.ts';
import type { Metrics } from './telemetry/metrics.ts';

export interface AgentRoleOptions {
  config: Config & { kubernetes: KubernetesConfig };
  keys: Keys;
  allowsNamespace(namespace: string): boolean;
  metrics: Pick<Metrics, 'agent'>;
  logger: Logger;
}

/** An agent: faces one cluster, plans and executes what the hub orders, keeps the picture of it. */
export async function startAgent(options: AgentRoleOptions): Promise<Role & { snapshot: SnapshotReader }> {
  const { config, keys, allowsNamespace, logger } = options;
  const { redis, work, disconnect } = await openConnections(config.redis, logger);
  const { kubernetes } = config;
  const client = createClusterClient({ kubeconfig: kubernetes.source === 'kubeconfig' ? kubernetes.path : undefined });
  const { onWatchRestart } = options.metrics.agent({
    ping: () => redis.ping(),
    figures: async () => ({
      snapshot: await snapshot.reader.read(),
      watches: snapshot.watches(),
      isLeaseHolder: lease.holder() !== undefined,
    }),
  });
  const snapshot = createSnapshot({
    rest: client.rest,
    cluster: config.cluster,
    namespaces: config.namespaces,
    onRestart: onWatchRestart,
    logger,
  });
  const watching = new AbortController();
  snapshot.start(watching.signal);
  const actions = enabledActions(config.actions);
  const rights = createRightsReview({
    question: { namespaces: config.namespaces, actions, home: client.namespace },
    can: client.can,
    onChange: snapshot.setShortfalls,
    logger,
  });
  const reviewing = rights.run(watching.signal);

  logOrders(logger);
  const queues = createQueues(redis, keys.prefix);
  const worker = startAgentWorker({
    connection: work,
    redis,
    keys,
    clusterName: config.cluster,
    cluster: client,
    instance: hostname(),
    snapshot,
    allowsNamespace,
    actions,
    rights,
    send: createReporter(queues, logger),
    logger,
    now: Date.now,
  });
  const diagnosing = startDiagnosisWorker({
    connection: work,
    prefix: keys.prefix,
    clusterName: config.cluster,
    cluster: client,
    queues,
    allowsNamespace,
    logger,
    now: Date.now,
  });

  const findings = createFindingsPublisher({ redis, keys, cluster: config.cluster, now: Date.now });
  const lease = createLease({
    rest: client.rest,
    namespace: client.namespace,
    name: AGENT_LEASE,
    identity: hostname(),
    // One that was deleted must not begin with a term that is past.
    firstTransitions: async () => (await findings.lastTerm()) + 1,
    logger,
  });
  const leasing = new AbortController();
  const leased = lease.run(leasing.signal);
  const reporting = createFindingsReporter({
    signs: snapshot.signs,
    lease,
    publisher: findings,
    poke: () => lookAt(queues, config.cluster),
    pendingMs: config.incidents.pendingMs,
    logger,
    now: Date.now,
  }).start();
  const publisher = config.roles.hub
    ? undefined
    : startSnapshotPublisher({
        redis,
        keys,
        cluster: config.cluster,
        reader: snapshot.reader,
        encode: encodeSnapshot,
        logger,
      });

  return {
    snapshot: snapshot.reader,
    checks: {
      redis: () => redisProblem(redis, keys.probe(config.cluster)),
      cluster: async () => {
        const picture = await snapshot.reader.read();
        if (!picture.complete) return picture.problem ?? 'the cluster has not been read yet';
        const away = snapshot.away();
        // People who ask by this process still have to hear that the cluster is away.
        return away !== undefined && config.roles.hub ? { bearable: away } : away;
      },
    },
    async stop() {
      await reporting.stop();
      // Another agent takes over at once, not after the Lease has run out.
      leasing.abort();
      await Promise.all([leased, worker.close(), diagnosing.close()]);
      await publisher?.stop();
      watching.abort();
      await Promise.all([snapshot.close(), reviewing]);
      await queues.close();
      await client.close();
      disconnect();
    },
  };
}
