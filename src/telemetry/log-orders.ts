import type { Logger } from 'pino';
import { channelOf, type Told } from './work.ts';

type Order = Told<'order'>;

/** Has the log tell of each order that an agent takes, and of how it came out. */
export function logOrders(logger: Logger): void {
  const begun = new WeakMap<Order, number>();
  channelOf('order').subscribe({
    start(order: Order) {
      begun.set(order, performance.now());
      logger.info(subjectOf(order), 'order taken');
    },
    end() {},
    asyncStart() {},
    asyncEnd(order: Order) {
      const ms = Math.round(performance.now() - (begun.get(order) ?? Number.NaN));
      // Without an outcome this process has reported none: it stops, or another one is at it.
      logger.info({ ...subjectOf(order), outcome: order.outcome ?? 'left', ms }, 'order done');
    },
    error() {},
  });
}

function subjectOf({ request, type, action, cluster }: Order) {
  return { request, order: type, action, cluster };
}
