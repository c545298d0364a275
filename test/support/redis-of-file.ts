import { Redis } from 'ioredis';
import { afterAll } from 'vitest';
import { startRedis } from './redis.ts';

/** A Redis for all tests of a file, and a connection to it. */
export async function redisOfFile() {
  const server = await startRedis();
  const redis = new Redis(server.url);
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });
  return { redis, server };
}
