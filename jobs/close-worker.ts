import { setTimeout as delay } from 'node:timers/promises';
import type { Worker } from 'bullmq';
import type { Logger } from 'pino';

/** ms that a worker may take to finish what it has in hand. */
const CLOSE_MS = 5_000;

/**
 * Lets a worker finish what it has in hand, but not for ever: BullMQ's `close()` never times out, and hangs where its
 * connection is just coming back (bullmq #4656). What is abandoned is taken up again from what is stored.
 */
export async function closeWorker(worker: Worker, logger: Logger): Promise<void> {
  const done = new AbortController();
  const late = delay(CLOSE_MS, 'late' as const, { signal: done.signal, ref: false }).catch(() => undefined);
  const closed = worker.close().then(() => 'closed' as const);
  closed.catch(() => undefined); // once it is abandoned nobody asks how it ended
  if ((await Promise.race([closed, late])) === 'late')
    logger.warn({ queue: worker.name }, 'worker did not close; abandoned');
  done.abort();
}
