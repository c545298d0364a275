import type { Logger } from 'pino';
import type { Dispatch } from '../src/requests/change.ts';
import { creditOf } from '../src/requests/credit.ts';
import type { Intent } from '../src/requests/intents.ts';
import type { Order } from '../src/requests/order.ts';
import { type Request, tracesOf } from '../src/requests/request.ts';
import type { Store } from '../src/requests/store.ts';
import { type Origin, traceparent } from '../src/telemetry/work.ts';
import { withOrigin } from './job-origin.ts';
import type { Queues } from './queues.ts';
import { showNow } from './show-now.ts';

/** The order that a request calls for as it is now; undefined where it needs none any more. */
function orderOf(request: Request, kind: 'plan' | 'execute'): Order | undefined {
  const { id, revision, action, effect, input, plan, order, applied, createdAt: requestedAt } = request;
  if (kind === 'plan') {
    return request.state === 'received'
      ? { type: 'plan', request: id, revision, action, input, requestedAt }
      : undefined;
  }
  if (request.state !== 'executing' || !plan || !order) return undefined;
  const { attempt, validUntil } = order;
  const credit = creditOf(request);
  return {
    ...{ type: 'execute', request: id, revision, attempt, action, effect, plan, applied, credit },
    ...{ requestedAt, validUntil },
  };
}

/** What people voted on may come hours after it was asked for: it is a trace of its own, and goes back to their gestures. */
function originOf(request: Request, kind: 'plan' | 'execute'): Origin {
  const isVotedOn = kind === 'execute' && request.votes.length > 0;
  return isVotedOn ? { links: tracesOf(request) } : { cause: traceparent() ?? request.trace };
}

/** Turns stored intents into jobs. `sweep` hands on what an earlier process stored and did not live to hand on. */
export interface Dispatcher {
  dispatch: Dispatch;
  sweep(): Promise<void>;
}

/** Younger intents are still being handed on by the process that stored them; ms. */
const SWEEP_AFTER_MS = 1_000;

export function createDispatcher(deps: { store: Store; queues: Queues; logger: Logger; now(): number }): Dispatcher {
  const { store, queues, logger, now } = deps;

  async function enqueueOrder(intent: Intent, kind: 'plan' | 'execute'): Promise<void> {
    const request = await store.load(intent.request);
    const order = request && orderOf(request, kind);
    if (!order) return;
    await queues.agent(intent.cluster).add(kind, order, withOrigin({ jobId: intent.id }, originOf(request, kind)));
  }

  async function enqueue(intent: Intent): Promise<void> {
    const { kind, request, id } = intent;
    const delay = Math.max(0, intent.notBefore - now());
    switch (kind) {
      case 'plan':
      case 'execute':
        return enqueueOrder(intent, kind);
      case 'release':
      case 'expire':
        await queues.requests.add(kind, { kind, request }, { jobId: id, delay });
        return;
      case 'show':
        await enqueueShow(request, id, delay);
        return;
    }
  }

  /** A delayed show is another job than the one that shows: it must not hold back what is due at once. */
  async function enqueueShow(request: string, id: string, delay: number): Promise<void> {
    if (delay > 0) await queues.surfaces.add('show-later', { kind: 'show-later', request }, { jobId: id, delay });
    else await showNow(queues, request);
  }

  async function handOn(intent: Intent): Promise<void> {
    try {
      await enqueue(intent);
      await store.settleIntent(intent.id);
    } catch (err) {
      logger.warn(
        { err, intent: intent.id, request: intent.request },
        'intent not handed on; the sweep will try again',
      );
    }
  }

  return {
    async dispatch(intents) {
      await Promise.all(intents.map(handOn));
    },
    async sweep() {
      const left = (await store.pendingIntents()).filter((intent) => now() - intent.at > SWEEP_AFTER_MS);
      for (const intent of left) await handOn(intent);
    },
  };
}
