import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { z } from 'zod';
import { diagnosedSchema } from '../src/incidents/diagnosis.ts';
import { apart, concerning } from '../src/telemetry/work.ts';
import { closeWorker } from './close-worker.ts';
import { LOCK, retryAfter } from './hub-worker.ts';
import type { IncidentHub } from './incident-hub.ts';
import type { createIncidentOutbox } from './incident-outbox.ts';
import type { createIncidentSweep } from './incident-sweep.ts';
import { type ChannelJob, QUEUE } from './queues.ts';
import { toldJob } from './told-job.ts';

export interface IncidentWorkersDependencies {
  connection: Redis;
  prefix: string;
  hub: Pick<IncidentHub, 'diagnosed'>;
  sweep: Pick<ReturnType<typeof createIncidentSweep>, 'look'>;
  outbox: ReturnType<typeof createIncidentOutbox>;
  logger: Logger;
}

const jobSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('look'), cluster: z.string().max(253) }),
  diagnosedSchema,
]);

/** Channels in hand at once: most of them only wait for Slack, or for their turn. */
const CHANNELS = 100;

/** The 1st, 2nd, 4th, 8th, … time: a channel that opsbot is not in fails every half minute until somebody invites it. */
const isWorthTelling = (attempt: number) => Number.isInteger(Math.log2(attempt));

/** What the hub does about incidents from queues. Each job may arrive twice; what is stored decides. */
export function startIncidentWorkers(deps: IncidentWorkersDependencies) {
  const { connection, prefix, hub, sweep, outbox, logger } = deps;
  const common = { connection, prefix, maxStalledCount: 1_000, ...LOCK };
  const stop = new AbortController();

  async function take({ data, id }: Job<unknown>): Promise<void> {
    const job = jobSchema.safeParse(data);
    if (!job.success) {
      logger.error({ job: id, problem: job.error.message }, 'an agent sent what makes no sense about incidents');
      return;
    }
    if (job.data.type === 'diagnosed') {
      concerning({ incident: job.data.incident });
      await hub.diagnosed(job.data);
      return;
    }
    // Most looks change little: what one sets going is followed from there.
    const { cluster } = job.data;
    await apart(() => sweep.look(cluster));
  }

  const show = ({ data }: Job<ChannelJob>) => outbox.showChannel(data.channel, stop.signal);

  const workers = [
    new Worker(QUEUE.incidents, toldJob(QUEUE.incidents, take), {
      ...common,
      concurrency: 20,
    }),
    new Worker<ChannelJob>(QUEUE.channels, toldJob(QUEUE.channels, show), {
      ...common,
      concurrency: CHANNELS,
      settings: { backoffStrategy: retryAfter },
    }),
  ];
  for (const worker of workers) {
    worker.on('error', (err) => logger.warn({ err, queue: worker.name }, 'queue connection'));
    worker.on('failed', (job, err) => {
      if (isWorthTelling(job?.attemptsMade ?? 1)) logger.warn({ err, queue: worker.name }, 'job failed');
    });
  }
  return {
    /** Nothing more is shown after the call under way. What is left, another hub or the next start shows. */
    async close() {
      stop.abort();
      await Promise.all(workers.map((worker) => closeWorker(worker, logger)));
    },
  };
}
