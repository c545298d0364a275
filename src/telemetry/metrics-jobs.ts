import { Gauge, Histogram, type Registry } from 'prom-client';
import type { Source } from './metrics-sources.ts';
import { onEnded } from './on-ended.ts';

export interface QueueFigures {
  name: string;
  /** Failed: given up, and not forgotten yet. */
  jobs: Readonly<Record<'waiting' | 'active' | 'delayed' | 'failed', number>>;
  /** ms for which the job that is due for longest has been waiting, or tried again and again; 0 where there is none. */
  oldestAge: number;
}

const BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300];

/** What the workers of this process do with jobs. Orders have metrics of their own. */
export function measureJobs(registry: Registry): () => void {
  const durations = new Histogram({
    name: 'opsbot_job_seconds',
    help: 'Time that a worker of this process took for a job of a queue. outcome: ok, or failed (it is tried again).',
    labelNames: ['queue', 'outcome'],
    buckets: BUCKETS,
    registers: [registry],
  });
  return onEnded('job', ({ queue, error }, seconds) => {
    durations.observe({ queue, outcome: error === undefined ? 'ok' : 'failed' }, seconds);
  });
}

export function queueSource(registry: Registry, figures: () => Promise<readonly QueueFigures[]>): Source {
  const registers = [registry];
  const jobs = new Gauge({
    name: 'opsbot_queue_jobs',
    help: 'Jobs in a queue, of the whole installation: every hub says the same. state: waiting, active, delayed, failed (given up within the last ten minutes).',
    labelNames: ['queue', 'state'],
    registers,
  });
  const oldest = new Gauge({
    name: 'opsbot_queue_oldest_job_age_seconds',
    help: 'For how long the job has been due that is due for longest: waiting for a worker, or tried again after failures.',
    labelNames: ['queue'],
    registers,
  });
  return {
    name: 'queues',
    gauges: [jobs, oldest],
    async read() {
      const queues = await figures();
      return () => {
        for (const { name: queue, jobs: counts, oldestAge } of queues) {
          for (const [state, count] of Object.entries(counts)) jobs.set({ queue, state }, count);
          oldest.set({ queue }, oldestAge / 1000);
        }
      };
    },
  };
}
