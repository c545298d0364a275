import type { Logger } from 'pino';
import { onEnded } from './on-ended.ts';
import { channelOf, type Told } from './work.ts';

type Order = Told<'order'>;

/** Has the log tell of each order that an agent takes, and of how it came out. */
export function logOrders(logger: Logger): void {
  channelOf('order').start.subscribe((order) => logger.info(subjectOf(order as Order), 'order taken'));
  onEnded('order', (order, seconds) => {
    const ms = Math.round(seconds * 1000);
    // Without an outcome this process has reported none: it stops, or another one is at it.
    logger.info({ ...subjectOf(order), outcome: order.outcome ?? 'left', ms }, 'order done');
  });
}

function subjectOf({ request, type, action, cluster }: Order) {
  return { request, order: type, action, cluster };
}
