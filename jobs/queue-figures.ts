import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { QueueFigures } from '../src/telemetry/metrics-jobs.ts';
import type { Queues } from './queues.ts';

/** Of the delayed jobs only the next ones are looked at: one that is tried again is among them before long. */
const LOOKED_AT = 50;

type AnyQueue = Pick<Queue, 'name' | 'toKey' | 'getJobCounts' | 'getRanges'>;

/** How much there is to do in each queue. Of a job only its times are read, for it may hold a megabyte. */
export async function readQueues(
  deps: { redis: Redis; queues: Queues; now(): number },
  clusters: readonly string[],
): Promise<QueueFigures[]> {
  const { queues } = deps;
  const { requests, surfaces, homes, reports, incidents, channels } = queues;
  const each = clusters.flatMap((cluster): AnyQueue[] => [queues.agent(cluster), queues.diagnoses(cluster)]);
  const all = [requests, surfaces, homes, reports, incidents, channels, ...each];
  return Promise.all(all.map((queue) => read(deps, queue)));
}

async function read({ redis, now }: { redis: Redis; now(): number }, queue: AnyQueue): Promise<QueueFigures> {
  const [counts, waiting, delayed] = await Promise.all([
    queue.getJobCounts('wait', 'active', 'delayed', 'failed'),
    queue.getRanges(['wait'], 0, 0, true),
    queue.getRanges(['delayed'], 0, LOOKED_AT - 1, true),
  ]);
  const { wait = 0, active = 0, delayed: later = 0, failed = 0 } = counts;
  const due = await dueSince(
    redis,
    [...waiting, ...delayed].map((id) => queue.toKey(id)),
  );
  return {
    name: queue.name,
    jobs: { waiting: wait, active, delayed: later, failed },
    oldestAge: Math.max(0, ...due.map((at) => now() - at)),
  };
}

/** When each job was first due, in ms since the epoch; jobs that are gone by now are left out. */
async function dueSince(redis: Redis, jobKeys: readonly string[]): Promise<number[]> {
  if (jobKeys.length === 0) return [];
  const pipeline = redis.pipeline();
  for (const key of jobKeys) pipeline.hmget(key, 'timestamp', 'opts');
  const answers = (await pipeline.exec()) ?? [];
  return answers.flatMap(([error, fields]) => {
    if (error) throw error;
    const [timestamp, opts] = fields as (string | null)[];
    if (!timestamp) return [];
    // Its own delay, not the pause after a failure.
    const { delay = 0 } = JSON.parse(opts ?? '{}') as { delay?: number };
    return [Number(timestamp) + delay];
  });
}
