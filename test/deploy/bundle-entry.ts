import { createHmac } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import bolt from '@slack/bolt';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { z } from 'zod';

/**
 * What the bundle test bundles: one job through BullMQ and one signed request to Bolt, by all the libraries that could
 * mind being bundled, or being bundled without what is left out.
 */
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

const receiver = new bolt.HTTPReceiver({ signingSecret: 'secret' });
new bolt.App({ receiver, authorize: () => Promise.resolve({}) });
const server = await receiver.start(0);
const body = JSON.stringify({ type: 'url_verification', challenge: 'ünïcode' });
const time = String(Math.floor(Date.now() / 1000));
const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`, {
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    'x-slack-request-timestamp': time,
    'x-slack-signature': `v0=${createHmac('sha256', 'secret').update(`v0:${time}:${body}`).digest('hex')}`,
  },
  body,
});
logger.info({ status: answer.status, answer: await answer.text() }, 'answered');
await receiver.stop();
await queue.close();
await connection.quit();
