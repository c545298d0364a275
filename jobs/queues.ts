import { Queue, type QueueOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Diagnosed, DiagnosisOrder } from '../src/incidents/diagnosis.ts';
import { intentId } from '../src/requests/intents.ts';
import type { Order, Report } from '../src/requests/order.ts';
import type { Request } from '../src/requests/request.ts';
import { withOrigin } from './job-origin.ts';

/**
 * The queues. `agent-<cluster>`: orders from the hub to the agents of one cluster. `reports`: what agents found out.
 * `requests`: releases and deadlines. `surfaces`: requests whose messages in Slack have to be brought up to date.
 * `diagnoses-<cluster>`: evidence that the hub asks for, apart from orders so that no person waits behind a storm.
 * `homes`: people whose Home may have changed.
 * `incidents`: clusters whose agent has told something new, and evidence. `channels`: channels to be brought up to date.
 * Jobs are never the truth: whoever takes one looks at the request as it is then.
 */
export type RequestJob = { kind: 'release' | 'expire'; request: string };
/** `show`: now. `show-later`: its time has come to be shown, in turn with other shows of the same request. */
export type SurfaceJob = { kind: 'show' | 'show-later'; request: string };
export type HomeJob = { user: string };
/** `look`: the findings of this cluster have changed. */
export type IncidentJob = { type: 'look'; cluster: string } | Diagnosed;
export type ChannelJob = { channel: string };

export interface Queues {
  agent(cluster: string): Queue<Order>;
  reports: Queue<Report>;
  requests: Queue<RequestJob>;
  surfaces: Queue<SurfaceJob>;
  homes: Queue<HomeJob>;
  diagnoses(cluster: string): Queue<DiagnosisOrder>;
  incidents: Queue<IncidentJob>;
  channels: Queue<ChannelJob>;
  close(): Promise<void>;
}

export const QUEUE = {
  agent: (cluster: string) => `agent-${cluster}`,
  reports: 'reports',
  requests: 'requests',
  surfaces: 'surfaces',
  homes: 'homes',
  diagnoses: (cluster: string) => `diagnoses-${cluster}`,
  incidents: 'incidents',
  channels: 'channels',
} as const;

/** Ended jobs stay for a while, in seconds, so that a job handed on twice is recognised by its id. */
const KEEP = { age: 600, count: 2_000 };
/** The log has every failure; a job that fails for a day must not grow with each. */
const STACKS = 1;

/** For what only Redis or Slack can hold up: 0.5, 1, 2, … s. An order is never retried by the queue. */
const RETRY = { type: 'exponential', delay: 500 } as const;

/** Slack may be away for long, and work goes on meanwhile: what it has to be shown is tried for about a day. */
export const SLACK_RETRIES = { attempts: 3_000, backoff: { type: 'slack' } } as const;

/**
 * A queue asks nothing of Redis before it is used: where that first answer was lost, BullMQ would refuse all of its jobs
 * for as long as the process lives. The workers' own connections, which wait for the answer, check Redis' version.
 */
const ASKS_NOTHING = { skipVersionCheck: true, skipWaitingForReady: true } as const;

export function createQueues(connection: Redis, prefix: string): Queues {
  const kept = { removeOnComplete: KEEP, removeOnFail: KEEP, stackTraceLimit: STACKS };
  const opened = { connection, prefix, ...ASKS_NOTHING };
  const once = { ...opened, defaultJobOptions: { ...kept, attempts: 1 } };
  const retried = { ...opened, defaultJobOptions: { ...kept, attempts: 20, backoff: RETRY } };
  // Asking again changes nothing, but nobody waits for evidence for long.
  const asked = { ...retried, defaultJobOptions: { ...retried.defaultJobOptions, attempts: 3 } };
  const agents = oneForEach((cluster) => openQueue<Order>(QUEUE.agent(cluster), once));
  const diagnoses = oneForEach((cluster) => openQueue<DiagnosisOrder>(QUEUE.diagnoses(cluster), asked));
  // A report has no id by which a second one would be known, and may hold a megabyte.
  const reported = { ...retried, defaultJobOptions: { ...retried.defaultJobOptions, removeOnComplete: true } };
  const reports = openQueue<Report>(QUEUE.reports, reported);
  const requests = openQueue<RequestJob>(QUEUE.requests, retried);
  const surfaces = openQueue<SurfaceJob>(QUEUE.surfaces, retried);
  const homes = openQueue<HomeJob>(QUEUE.homes, reported);
  const incidents = openQueue<IncidentJob>(QUEUE.incidents, reported);
  const channels = openQueue<ChannelJob>(QUEUE.channels, retried);
  const shared = [reports, requests, surfaces, homes, incidents, channels];
  return {
    agent: agents.of,
    reports,
    requests,
    surfaces,
    homes,
    diagnoses: diagnoses.of,
    incidents,
    channels,
    async close() {
      await Promise.all([...shared, ...agents.all(), ...diagnoses.all()].map((queue) => queue.close()));
    },
  };
}

/** A queue whose jobs know where they come from. */
function openQueue<T>(name: string, options: QueueOptions): Queue<T> {
  const queue = new Queue<T>(name, options);
  // Those of the connection that all queues share, which says them itself; BullMQ prints what nobody listens to.
  queue.on('error', () => {});
  const add = queue.add.bind(queue);
  queue.add = (job, data, given) => add(job, data, withOrigin(given));
  return queue;
}

/** A queue of each cluster, opened when it is first needed. */
function oneForEach<T>(open: (cluster: string) => Queue<T>) {
  const queues = new Map<string, Queue<T>>();
  return {
    of(cluster: string): Queue<T> {
      const queue = queues.get(cluster) ?? open(cluster);
      queues.set(cluster, queue);
      return queue;
    },
    all: () => [...queues.values()],
  };
}

/** True while the order that a request was released with lies in its queue: no agent has taken it yet. */
export async function isOrderWaiting(queues: Queues, { id, cluster, order }: Request): Promise<boolean> {
  return order !== undefined && isWaiting(queues.agent(cluster), intentId(id, order.version, 'execute'));
}

/** The same of the plan that a request has been waiting for since it was asked or its plan was found outdated. */
export function isPlanWaiting(queues: Queues, { id, cluster, version }: Request): Promise<boolean> {
  return isWaiting(queues.agent(cluster), intentId(id, version, 'plan'));
}

async function isWaiting(queue: Queue<Order>, job: string): Promise<boolean> {
  const state = await queue.getJobState(job);
  return state === 'waiting' || state === 'delayed' || state === 'prioritized';
}
