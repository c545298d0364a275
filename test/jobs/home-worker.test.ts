import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startHomeWorker } from '../../jobs/home-worker.ts';
import { createQueues, type Queues } from '../../jobs/queues.ts';
import { showHome } from '../../jobs/show-home.ts';
import { UnavailableError } from '../../src/errors.ts';
import { createKeys } from '../../src/requests/keys.ts';
import { startRedis } from '../support/redis.ts';

let ends: (() => unknown)[];
let queues: Queues;
let redis: Redis;
let startHub: (publishHome: (user: string) => Promise<void>) => void;
beforeEach(async () => {
  const server = await startRedis();
  const keys = createKeys(server.prefix);
  redis = new Redis(server.url);
  queues = createQueues(redis, keys.prefix);
  ends = [() => server.stop(), () => redis.disconnect(), () => queues.close()];
  startHub = (publishHome) => {
    const connection = new Redis(server.url, { maxRetriesPerRequest: null });
    const worker = startHomeWorker({ connection, redis, keys, publishHome, logger: pino({ level: 'silent' }) });
    ends.push(
      () => connection.disconnect(),
      () => worker.close(),
    );
  };
});
afterEach(async () => {
  for (const end of ends.reverse()) await end();
});

it('publishes one person’s Home once at a time, by all hubs together, and at most every three seconds', async () => {
  const began: number[] = [];
  let underWay = 0;
  let most = 0;
  const publish = async () => {
    began.push(Date.now());
    underWay += 1;
    most = Math.max(most, underWay);
    for (let changes = 0; changes < 20; changes += 1) await showHome(queues, 'UALICE');
    underWay -= 1;
  };
  startHub(publish);
  startHub(publish);
  await Promise.all(Array.from({ length: 20 }, () => showHome(queues, 'UALICE')));
  await expect.poll(() => began.length, { timeout: 10_000 }).toBe(3);
  expect(most).toBe(1);
  expect((began[2] ?? 0) - (began[0] ?? 0)).toBeGreaterThanOrEqual(5_950);
});

it('goes on until it is published, and keeps nobody else waiting', async () => {
  const published: string[] = [];
  let tries = 0;
  startHub(async (user) => {
    if (user === 'UALICE' && ++tries < 3) throw new UnavailableError('Slack did not answer.');
    published.push(user);
  });
  await showHome(queues, 'UALICE');
  await showHome(queues, 'UBOB');
  await expect.poll(() => published, { timeout: 12_000 }).toEqual(['UBOB', 'UALICE']);
});
