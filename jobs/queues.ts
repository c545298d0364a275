import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { intentId } from '../src/requests/intents.ts';
import type { Order, Report } from '../src/requests/order.ts';
import type { Request } from '../src/requests/request.ts';

/**
 * The queues. `agent-<cluster>`: orders from the hub to the agents of one cluster. `reports`: what agents found out.
 * `requests`: releases and deadlines. `surfaces`: requests whose messages in Slack have to be brought up to date.
 * Jobs are never the truth: whoever takes one looks at the request as it is then.
 */
export type RequestJob = { kind: 'release' | 'expire'; request: string };
/** `show`: now. `show-later`: its time has come to be shown, in turn with other shows of the same request. */
export type SurfaceJob = { kind: 'show' | 'show-later'; request: string };

export interface Queues {
  agent(cluster: string): Queue<Order>;
  reports: Queue<Report>;
  requests: Queue<RequestJob>;
  surfaces: Queue<SurfaceJob>;
  close(): Promise<void>;
}

export const QUEUE = {
  agent: (cluster: string) => `agent-${cluster}`,
  reports: 'reports',
  requests: 'requests',
  surfaces: 'surfaces',
} as const;

/** Ended jobs stay for a while, in seconds, so that a job handed on twice is recognised by its id. */
const KEEP = { age: 600, count: 2_000 };
/** The log has every failure; a job that fails for a day must not grow with each. */
const STACKS = 1;

/** For what only Redis or Slack can hold up: 0.5, 1, 2, … s. An order is never retried by the queue. */
const RETRY = { type: 'exponential', delay: 500 } as const;

export function createQueues(connection: Redis, prefix: string): Queues {
  const kept = { removeOnComplete: KEEP, removeOnFail: KEEP, stackTraceLimit: STACKS };
  const once = { connection, prefix, defaultJobOptions: { ...kept, attempts: 1 } };
  const retried = { connection, prefix, defaultJobOptions: { ...kept, attempts: 20, backoff: RETRY } };
  const agents = new Map<string, Queue<Order>>();
  // A report has no id by which a second one would be known, and may hold a megabyte.
  const reported = { ...retried, defaultJobOptions: { ...retried.defaultJobOptions, removeOnComplete: true } };
  const reports = new Queue<Report>(QUEUE.reports, reported);
  const requests = new Queue<RequestJob>(QUEUE.requests, retried);
  const surfaces = new Queue<SurfaceJob>(QUEUE.surfaces, retried);
  return {
    agent(cluster) {
      const queue = agents.get(cluster) ?? new Queue<Order>(QUEUE.agent(cluster), once);
      agents.set(cluster, queue);
      return queue;
    },
    reports,
    requests,
    surfaces,
    async close() {
      await Promise.all([reports, requests, surfaces, ...agents.values()].map((queue) => queue.close()));
    },
  };
}

/** True while the order that a request was released with lies in its queue: no agent has taken it yet. */
export async function isOrderWaiting(queues: Queues, { id, cluster, order }: Request): Promise<boolean> {
  if (!order) return false;
  const state = await queues.agent(cluster).getJobState(intentId(id, order.version, 'execute'));
  return state === 'waiting' || state === 'delayed' || state === 'prioritized';
}
