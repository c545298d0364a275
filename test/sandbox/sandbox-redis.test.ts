import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OwnRedis, startOwnRedis } from '../support/redis.ts';
import { startSandboxRedis } from './sandbox-redis.ts';

let server: OwnRedis;
let redis: Redis;
beforeAll(async () => {
  server = await startOwnRedis();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

it('takes away only what opsbot has left in somebody’s Redis', async () => {
  await redis.set('somebody', 'else');
  const borrowed = await startSandboxRedis(server.url);
  expect(borrowed.url).toBe(server.url);
  await redis.set('{opsbot}:request:r-abc', 'data');
  await borrowed.stop();
  expect(await redis.keys('*')).toEqual(['somebody']);
});

it('leaves a Redis alone that an opsbot uses', async () => {
  await redis.set('{opsbot}:request:r-abc', 'data');
  await expect(startSandboxRedis(server.url)).rejects.toThrow('holds the data of an opsbot');
  expect(await redis.get('{opsbot}:request:r-abc')).toBe('data');
});
