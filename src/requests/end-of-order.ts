import { ORDER_LAPSED } from './order.ts';
import type { Event, Request } from './request.ts';

/** An order is valid for so long, in ms: a click that was approved long ago must not act later by surprise. */
export const ORDER_VALID_MS = 60_000;

/** How long an agent that has gone away is waited for after its order's end, before people have to look; in ms. */
const FIND_OUT_FOR_MS = 10 * 60_000;
/** The same where the change is in the cluster, and nobody waits but those who want to see its pods follow. */
const FOLLOW_FOR_MS = 60 * 60_000;

/** An agent's clock may be late by so much, in ms: until then it may still begin with an order that is over. */
const CLOCK_SKEW_MS = 30_000;

/** So often an order is sent: where agent after agent dies of it, the next one would, and what else it has in hand with it. */
const MOST_ATTEMPTS = 20;

/** What ends an order that no agent has taken; undefined while it is worth waiting. `isBegun`: one had, and is gone. */
export function endOfWait(request: Request, isBegun: boolean, now: number): Event | undefined {
  const { effect, order, applied } = request;
  if (!order) return undefined;
  const over = Math.max(order.validUntil, order.at + ORDER_VALID_MS);
  if (applied) return now >= over + FOLLOW_FOR_MS ? abandoned(request) : undefined;
  // A later order only finds out what became of an earlier one: that is worth waiting for.
  if (effect === 'change' && (order.attempt > 1 || isBegun)) {
    return now >= over + FIND_OUT_FOR_MS ? abandoned(request) : undefined;
  }
  if (now < order.validUntil + CLOCK_SKEW_MS) return undefined;
  return order.attempt > 1 ? abandoned(request) : { type: 'finished', by: 'opsbot', outcome: ORDER_LAPSED };
}

/** What ends an order that agents went away with again and again; undefined while it is worth another try. */
export function endOfTries(request: Request): Event | undefined {
  return (request.order?.attempt ?? 0) >= MOST_ATTEMPTS ? abandoned(request) : undefined;
}

function abandoned({ cluster, effect, applied }: Request): Event {
  const failed = (reason: string, text: string): Event => ({
    type: 'finished',
    by: 'opsbot',
    outcome: { result: 'failed', reason, text },
  });
  if (effect === 'read')
    return failed('NoAnswer', `No agent of cluster ${cluster} got as far as an answer. Ask again.`);
  if (applied) {
    return failed(
      'NotFollowed',
      `The change was applied, but no agent of cluster ${cluster} has followed it to its end.`,
    );
  }
  const reason = `An agent of cluster ${cluster} went away while the change was being made, and none has found out how far it got.`;
  return { type: 'lost', by: 'opsbot', reason };
}
