import { DelayedError, type Job } from 'bullmq';
import { RateLimited } from '../src/requests/requests.ts';
import { during } from '../src/telemetry/work.ts';
import { originOf } from './job-origin.ts';

/** Of a job's data, which may hold a whole log, the log needs no more. */
export function requestIn(data: unknown): string | undefined {
  const { request } = (data ?? {}) as { request?: unknown };
  return typeof request === 'string' ? request : undefined;
}

/**
 * What a worker does with each job of a queue: it is told, and what has to leave Slack alone goes back into the queue for
 * exactly so long. That is no failed attempt, and takes up no slot.
 */
export function toldJob<T>(queue: string, run: (job: Job<T>) => Promise<void>) {
  return async (job: Job<T>, token?: string): Promise<void> => {
    const facts = { queue, name: job.name, request: requestIn(job.data), ...originOf(job) };
    const limit = await during('job', facts, () => limitOf(run(job)));
    if (!limit) return;
    await job.moveToDelayed(Date.now() + limit.retryAfterMs, token);
    throw new DelayedError();
  };
}

function limitOf(run: Promise<void>): Promise<RateLimited | undefined> {
  return run.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof RateLimited) return error;
      throw error;
    },
  );
}
