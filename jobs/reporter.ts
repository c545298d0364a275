import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Report } from '../src/requests/order.ts';
import type { Queues } from './queues.ts';

/** Sends a report to the hub; keeps trying while Redis is away, until `signal` aborts. */
export type SendReport = (report: Report, signal: AbortSignal) => Promise<void>;

const RETRY_MS = 1_000;

export function createReporter(queues: Pick<Queues, 'reports'>, logger: Logger): SendReport {
  return async (report, signal) => {
    for (;;) {
      try {
        await queues.reports.add(report.type, report);
        return;
      } catch (err) {
        logger.warn({ err, request: report.request, report: report.type }, 'report not sent; trying again');
        await delay(RETRY_MS, undefined, { signal });
      }
    }
  };
}
