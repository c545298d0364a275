import bolt from '@slack/bolt';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { z } from 'zod';

/** What the bundle test bundles: one job through BullMQ, by all the libraries that could mind being bundled. */
const [url, prefix] = process.argv.slice(2);
const connection = new Redis(url ?? '', { maxRetriesPerRequest: null });
const logger = pino({ base: null, timestamp: false });
const input = z.object({ greeting: z.string() });
const app = new bolt.App({
  appToken: 'xapp-1',
  authorize: () => Promise.resolve({ botToken: 'xoxb-1', botId: 'B1', botUserId: 'U1' }),
  socketMode: true,
});
const queue = new Queue('bundle', { connection, prefix });
const done = Promise.withResolvers<void>();
const worker = new Worker(
  'bundle',
  async (job) => {
    logger.info({ ...input.parse(job.data), listens: typeof app.event }, 'done');
    done.resolve();
  },
  { connection, prefix },
);
await queue.add('greet', { greeting: 'hello' }, { deduplication: { id: 'one', keepLastIfActive: true } });
await done.promise;
await worker.close();
await queue.close();
await connection.quit();
