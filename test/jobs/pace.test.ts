import { expect, it } from 'vitest';
import { createPace } from '../../jobs/pace.ts';
import { createKeys } from '../../src/requests/keys.ts';
import { redisOfFile } from '../support/redis-of-file.ts';

const { redis, server } = await redisOfFile();

/** As each hub makes one; their clocks may differ. */
const hub = (now = Date.now) => createPace(redis, createKeys(server.prefix), now);
const POST = 'chat.postMessage';
const EDIT = 'chat.update';

it('lets everything through until Slack says that it is too much', async () => {
  const waits = await Promise.all(Array.from({ length: 50 }, () => hub().admit(POST, 'CFREE')));
  expect(new Set(waits)).toEqual(new Set([0]));
});

it('holds back that method in that channel, in every hub, and nothing else', async () => {
  await hub().limited(POST, 'CHELD', 30_000);
  const wait = await hub(() => Date.now() - 3_600_000).admit(POST, 'CHELD');
  expect(wait).toBeGreaterThan(29_000);
  expect(wait).toBeLessThanOrEqual(30_000);
  expect(await hub().admit(EDIT, 'CHELD')).toBe(0);
  expect(await hub().admit(POST, 'COTHER')).toBe(0);
  // A later answer that asks for less does not shorten it.
  await hub().limited(POST, 'CHELD', 1_000);
  expect(await hub().admit(POST, 'CHELD')).toBeGreaterThan(28_000);
});

it('then gives each call its turn, one at a time however many hubs ask', async () => {
  await hub().limited(POST, 'CTURN', 1);
  await expect.poll(() => hub().admit(POST, 'CTURN'), { interval: 5 }).toBe(0);
  const waits = await Promise.all(Array.from({ length: 10 }, () => hub().admit(POST, 'CTURN')));
  for (const wait of waits) expect(wait).toBeGreaterThan(900);
  expect(await redis.pttl(createKeys(server.prefix).limited(POST, 'CTURN'))).toBeLessThanOrEqual(60_001);
});

it('has messages about incidents keep their distance from those about requests', async () => {
  await hub().admit(POST, 'CBOTH');
  expect(await hub().waitMs('CBOTH', false)).toBeGreaterThan(900);
  await hub().admit(EDIT, 'CELSEWHERE');
  expect(await hub().waitMs('CQUIET', true)).toBeGreaterThan(1_300);
  expect(await hub().waitMs('CQUIET', false)).toBe(0);
});
