import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { diagnose } from '../src/incidents/diagnose.ts';
import type { DiagnosisOrder } from '../src/incidents/diagnosis.ts';
import { CAUSE_OF, type Finding } from '../src/incidents/finding.ts';
import { maskSecrets } from '../src/incidents/mask.ts';
import type { Cluster } from '../src/kubernetes/cluster.ts';
import { during } from '../src/telemetry/work.ts';
import { closeWorker } from './close-worker.ts';
import { LOCK } from './hub-worker.ts';
import { originOf } from './job-origin.ts';
import { QUEUE, type Queues } from './queues.ts';

export interface DiagnosisWorkerDependencies {
  connection: Redis;
  prefix: string;
  clusterName: string;
  cluster: Cluster;
  queues: Pick<Queues, 'incidents'>;
  allowsNamespace(namespace: string): boolean;
  logger: Logger;
  now(): number;
}

/** Few at once: a storm of them must not keep the API server from what people ask for. */
const CONCURRENCY = 4;
/** What is not known by then is left out, in ms. */
const TIMEOUT_MS = 15_000;

/**
 * Finds out what the hub asks about incidents of one cluster. It reads only, so an order may be tried again. Orders come out
 * of Redis: where opsbot may not look, nobody gets it to.
 */
export function startDiagnosisWorker(deps: DiagnosisWorkerDependencies) {
  const { connection, prefix, clusterName, cluster, queues, logger, now } = deps;
  const stop = new AbortController();

  /** Only trouble of a node is in no namespace. */
  function mayLook({ kind, owner }: Finding): boolean {
    return owner.namespace === '' ? CAUSE_OF[kind] === 'node' : deps.allowsNamespace(owner.namespace);
  }

  async function take({ data: order }: Job<DiagnosisOrder>): Promise<void> {
    const { incident, since, validUntil } = order;
    if (now() >= validUntil) return;
    if (!order.findings.every(mayLook)) {
      logger.warn({ incident }, 'no evidence: it was asked for in a namespace that this agent may not look at');
      return;
    }
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const diagnosis = await diagnose(order, { cluster, signal, mask: maskSecrets });
    // Half of it is not worth telling where another agent takes the order up again.
    stop.signal.throwIfAborted();
    await queues.incidents.add('diagnosed', { type: 'diagnosed', incident, since, diagnosis });
  }

  const told = (job: Job<DiagnosisOrder>) =>
    during('job', { queue: 'diagnoses', name: job.name, incident: job.data.incident, ...originOf(job) }, () =>
      take(job),
    );

  const worker = new Worker<DiagnosisOrder>(QUEUE.diagnoses(clusterName), told, {
    connection,
    prefix,
    concurrency: CONCURRENCY,
    ...LOCK,
  });
  worker.on('error', (err) => logger.warn({ err, queue: worker.name }, 'queue connection'));
  worker.on('failed', (job, err) => logger.warn({ err, incident: job?.data.incident }, 'no evidence'));
  return {
    async close() {
      stop.abort();
      await closeWorker(worker, logger);
    },
  };
}
