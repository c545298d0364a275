import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Action, ActionContext } from '../src/actions/action.ts';
import { UnavailableError } from '../src/errors.ts';
import { maskWords } from '../src/incidents/mask-words.ts';
import type { Cluster } from '../src/kubernetes/cluster.ts';
import type { ClusterSnapshot, SnapshotReader } from '../src/kubernetes/snapshot-reader.ts';
import type { Keys } from '../src/requests/keys.ts';
import type { ExecuteOrder, Order, Report } from '../src/requests/order.ts';
import { cameTo, concerning, during, type Facts, type OrderOutcome } from '../src/telemetry/work.ts';
import { createApply } from './apply.ts';
import { type AgentRights, createCarryOut, markerOf } from './carry-out.ts';
import { closeWorker } from './close-worker.ts';
import { originOf } from './job-origin.ts';
import { createJournal } from './journal.ts';
import { createLeaveEvent } from './leave-event.ts';
import { QUEUE } from './queues.ts';
import type { SendReport } from './reporter.ts';
import { whileRunning } from './running.ts';

export interface AgentWorkerDependencies {
  /** For the worker itself, which waits for Redis. */
  connection: Redis;
  /** For journal and signs of life, which must not wait for ever. */
  redis: Redis;
  keys: Keys;
  clusterName: string;
  cluster: Cluster;
  /** What this process is called: its pod. */
  instance: string;
  /** The picture of the cluster; `ready` resolves once it is complete. */
  snapshot: { ready: Promise<void>; reader: Pick<SnapshotReader, 'read'> };
  allowsNamespace(namespace: string): boolean;
  /** What this agent does. Default: the registry. */
  actions?: readonly Action[] | undefined;
  rights: AgentRights;
  send: SendReport;
  logger: Logger;
  now(): number;
}

/** Orders in hand at once: most of them only wait for a rollout. */
const CONCURRENCY = 64;
/** A plan that takes longer than this, in ms, is of no use to the person who waits for it. */
const PLAN_TIMEOUT_MS = 10_000;

/** Takes the orders of one cluster. An order is tried once; what a crash interrupts, the hub sends again. */
export function startAgentWorker(deps: AgentWorkerDependencies) {
  const { connection, redis, keys, clusterName, cluster, snapshot, rights, logger, now } = deps;
  const stop = new AbortController();
  /** Requests whose change or answer is under way here, by id. */
  const inHand = new Set<string>();

  /** A plan is soon made, and a person waits for it: this process ends after it, where another would start over later. */
  function signalFor(order: Order): AbortSignal {
    return order.type === 'plan' ? patience(PLAN_TIMEOUT_MS) : stop.signal;
  }

  /** A change needs none, and has to say soon why it is held up: it does not wait for a cluster that cannot be read. */
  async function pictureFor(order: Order, signal: AbortSignal): Promise<ClusterSnapshot> {
    const isChange = order.type === 'execute' && order.effect === 'change';
    if (!isChange) await inTime(snapshot.ready, signal);
    return snapshot.reader.read();
  }

  async function context(order: Order): Promise<ActionContext> {
    const signal = signalFor(order);
    return {
      cluster,
      snapshot: await pictureFor(order, signal),
      allowsNamespace: deps.allowsNamespace,
      requestedAt: order.requestedAt,
      now,
      signal,
    };
  }

  const carryOut = createCarryOut({
    context,
    apply: (order, { signal }) => {
      const marker = markerOf(order);
      const { validUntil, action, attempt, plan } = order;
      const journal = createJournal({ redis, keys, cluster: clusterName, marker, attempt });
      const requireRights = () => rights.requireRights(action, plan.target.namespace, { signal });
      const onHindrance = hindranceTeller(order);
      return createApply({ cluster, journal, marker, validUntil, requireRights, onHindrance, now, signal });
    },
    send(report) {
      const outcome = outcomeOf(report);
      if (outcome) {
        cameTo(outcome);
        inHand.delete(report.request);
      }
      if (report.type === 'planned') concerning({ namespace: report.plan.target.namespace });
      return deps.send(report, stop.signal);
    },
    leaveEvent: createLeaveEvent({
      cluster,
      instance: deps.instance,
      mask: maskWords,
      suspect: rights.suspect,
      logger,
      now,
    }),
    rights,
    mask: maskWords,
    stopping: stop.signal,
    onFault: (err, order) => logger.error({ err, request: order.request, action: order.action }, 'order failed'),
    now,
    actions: deps.actions,
  });

  /** Each reason once, beside the work: it does not wait for people to be told. */
  function hindranceTeller({ request, revision }: ExecuteOrder): (error: UnavailableError) => void {
    const told = new Set<string>();
    return ({ message }) => {
      if (told.has(message)) return;
      told.add(message);
      const report = { type: 'hindered', request, revision, reason: maskWords(message) } as const;
      deps.send(report, stop.signal).catch(() => undefined); // it fails where this process ends
    };
  }

  async function take(job: Job<Order>): Promise<void> {
    const order = job.data;
    await during('order', { ...factsOf(order, clusterName), ...originOf(job) }, async () => {
      if (order.type === 'plan') return carryOut(order);
      await whileRunning(redis, keys, { cluster: clusterName, request: order.request }, async () => {
        inHand.add(order.request);
        await carryOut(order);
      });
      if (inHand.delete(order.request) && stop.signal.aborted) await handOver(order);
    });
  }

  /** The hub would find out by itself that nobody is at work on it, but seconds later. */
  async function handOver({ request, revision, attempt }: ExecuteOrder): Promise<void> {
    await deps.send({ type: 'left', request, revision, attempt }, stop.signal).catch(() => undefined);
  }

  const worker = new Worker<Order>(QUEUE.agent(clusterName), take, {
    connection,
    prefix: keys.prefix,
    concurrency: CONCURRENCY,
    maxStalledCount: 0,
  });
  worker.on('error', (err) => logger.warn({ err, queue: worker.name }, 'queue connection'));
  worker.on('failed', (job, err) => logger.warn({ err, request: job?.data.request }, 'order not finished'));
  return {
    async close() {
      stop.abort();
      await closeWorker(worker, logger);
    },
  };
}

function factsOf(order: Order, cluster: string): Facts['order'] {
  const { type, action, request } = order;
  const facts = { type, action, cluster, request };
  if (order.type === 'plan') return { ...facts, effect: undefined };
  return { ...facts, effect: order.effect, namespace: order.plan.target.namespace };
}

/** How an order came out, as its last report says; undefined where it goes on. */
function outcomeOf(report: Report): OrderOutcome | undefined {
  switch (report.type) {
    case 'planned':
      return 'planned';
    case 'plan-failed':
      return 'failed';
    case 'read':
      return 'succeeded';
    case 'finished':
      return report.outcome.result;
    case 'drifted':
      return 'drifted';
    case 'lost':
      return 'unknown';
    default:
      return undefined;
  }
}

/** Aborts after `ms`, with the words for whoever waits: the calls that it ends raise its reason. */
function patience(ms: number): AbortSignal {
  const late = new AbortController();
  const end = () => {
    late.abort(new UnavailableError('The cluster does not answer.', { advice: 'Try again in a minute.' }));
  };
  setTimeout(end, ms).unref();
  return late.signal;
}

async function inTime<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, late]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
