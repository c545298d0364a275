import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { answering } from '../src/requests/answering.ts';
import type { Keys } from '../src/requests/keys.ts';
import { RateLimited } from '../src/requests/requests.ts';
import { closeWorker } from './close-worker.ts';
import { LOCK, retryAfter } from './hub-worker.ts';
import { type HomeJob, QUEUE } from './queues.ts';
import { toldJob } from './told-job.ts';

export interface HomeWorkerDependencies {
  connection: Redis;
  redis: Redis;
  keys: Keys;
  /** Errors: RateLimited and UnavailableError, to be tried again. */
  publishHome(user: string): Promise<void>;
  logger: Logger;
}

/** ms between two looks at what one person's Home has to show: views.publish may be called 100 times a minute (tier 4). */
const PAUSE_MS = 3_000;
/** Few: nobody waits for them, and many at once would meet Slack's limit. */
const AT_ONCE = 5;

/** Keeps Home current for those who look at it. Whoever opens it does not wait for this. */
export function startHomeWorker({ connection, redis, keys, publishHome, logger }: HomeWorkerDependencies) {
  /** RateLimited within the pause; else another one begins. */
  async function pause(user: string): Promise<void> {
    const key = keys.homePause(user);
    if ((await answering(redis.set(key, 1, 'PX', PAUSE_MS, 'NX'))) === 'OK') return;
    throw new RateLimited(Math.max(0, await answering(redis.pttl(key))));
  }

  async function publish({ data: { user } }: Job<HomeJob>): Promise<void> {
    await pause(user);
    await publishHome(user);
  }

  const worker = new Worker<HomeJob>(QUEUE.homes, toldJob(QUEUE.homes, publish), {
    connection,
    prefix: keys.prefix,
    maxStalledCount: 1_000,
    ...LOCK,
    concurrency: AT_ONCE,
    settings: { backoffStrategy: retryAfter },
  });
  worker.on('error', (err) => logger.warn({ err, queue: worker.name }, 'queue connection'));
  worker.on('failed', (job, err) => logger.warn({ err, user: job?.data.user }, 'Home was not refreshed'));
  return { close: () => closeWorker(worker, logger) };
}
