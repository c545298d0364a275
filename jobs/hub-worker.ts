import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { NotFoundError } from '../src/errors.ts';
import type { Hub } from '../src/requests/hub.ts';
import { reportSchema } from '../src/requests/order.ts';
import type { Notifier } from '../src/requests/requests.ts';
import { insteadOf } from '../src/requests/unreadable-report.ts';
import { closeWorker } from './close-worker.ts';
import { originOf } from './job-origin.ts';
import { QUEUE, type Queues, type RequestJob, type SurfaceJob } from './queues.ts';
import { showNow } from './show-now.ts';
import { requestIn, toldJob } from './told-job.ts';

export interface HubWorkerDependencies {
  connection: Redis;
  prefix: string;
  queues: Queues;
  hub: Hub;
  notifier: Notifier;
  logger: Logger;
}

/** First and last pause before a surface is tried again where Slack did not answer, in ms. */
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30_000;

/** In ms. */
export function retryAfter(attemptsMade: number): number {
  return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attemptsMade - 1, 20));
}

/** Shows in hand at once: they only wait for Slack, and no channel has more than some of them (src/slack/places.ts). */
const SHOWS = 200;

/** Locks are short so that a crash is noticed soon; a surface or a report is quickly dealt with. In ms. */
export const LOCK = { lockDuration: 6_000, stalledInterval: 2_000 } as const;

/** Everything the hub does from queues. Each job may arrive twice: the request's state decides what still applies. */
export function startHubWorkers({ connection, prefix, queues, hub, notifier, logger }: HubWorkerDependencies) {
  const common = { connection, prefix, maxStalledCount: 1_000, ...LOCK };

  /** A request that is gone stays so: nothing about it is worth another try. */
  async function unlessGone(work: Promise<void>): Promise<void> {
    await work.catch((err: unknown) => {
      if (!(err instanceof NotFoundError)) throw err;
      logger.warn({ err }, 'a job about a request that is gone; dropped');
    });
  }

  async function decide({ data }: Job<RequestJob>): Promise<void> {
    await unlessGone(data.kind === 'release' ? hub.release(data.request) : hub.expire(data.request));
  }

  async function takeReport({ data, id }: Job<unknown>): Promise<void> {
    const report = reportSchema.safeParse(data);
    if (report.success) return unlessGone(hub.report(report.data));
    logger.error({ job: id, problem: report.error.message }, 'an agent sent a report that makes no sense');
    const instead = insteadOf(data);
    if (instead) await unlessGone(hub.report(instead));
  }

  async function show(job: Job<SurfaceJob>): Promise<void> {
    const { kind, request } = job.data;
    if (kind === 'show') await notifier.show(request);
    else await showNow(queues, request, originOf(job));
  }

  const workers = [
    new Worker<RequestJob>(QUEUE.requests, toldJob(QUEUE.requests, decide), { ...common, concurrency: 20 }),
    new Worker(QUEUE.reports, toldJob(QUEUE.reports, takeReport), { ...common, concurrency: 20 }),
    new Worker<SurfaceJob>(QUEUE.surfaces, toldJob(QUEUE.surfaces, show), {
      ...common,
      concurrency: SHOWS,
      settings: { backoffStrategy: retryAfter },
    }),
  ];
  for (const worker of workers) {
    worker.on('error', (err) => logger.warn({ err, queue: worker.name }, 'queue connection'));
    worker.on('failed', (job, err) =>
      logger.warn({ err, queue: worker.name, request: requestIn(job?.data) }, 'job failed'),
    );
  }
  return { close: () => Promise.all(workers.map((worker) => closeWorker(worker, logger))) };
}
