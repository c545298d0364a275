import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OwnRedis, startOwnRedis, startRedis } from '../support/redis.ts';

describe('the Redis for tests', () => {
  let own: OwnRedis;
  beforeAll(async () => {
    own = await startOwnRedis();
  });
  afterAll(() => own.stop());

  test('appends to a file and evicts nothing', async () => {
    await using client = connect(own.url);
    expect(await client.redis.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
    expect(await client.redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    expect(await client.redis.config('GET', 'save')).toEqual(['save', '']);
  });

  test('keeps what was written when it is killed', async () => {
    await withClient(own.url, (redis) => redis.set(`${own.prefix}:kept`, 'yes'));
    await own.kill9();
    await expect(withClient(own.url, (redis) => redis.ping())).rejects.toThrow(/closed/);
    await own.restart();
    expect(await withClient(own.url, (redis) => redis.get(`${own.prefix}:kept`))).toBe('yes');
  });

  test('can be restarted while it runs', async () => {
    await withClient(own.url, (redis) => redis.set(`${own.prefix}:orderly`, 'yes'));
    await own.restart();
    expect(await withClient(own.url, (redis) => redis.get(`${own.prefix}:orderly`))).toBe('yes');
  });

  test('several start side by side', async () => {
    const several = await Promise.all([startOwnRedis(), startOwnRedis(), startOwnRedis()]);
    expect(new Set(several.map((redis) => redis.url)).size).toBe(3);
    await Promise.all(several.map((redis) => redis.stop()));
  });

  test('on the server of REDIS_URL it takes only its own keys away', async () => {
    const [one, other] = await Promise.all([startRedis({ REDIS_URL: own.url }), startRedis({ REDIS_URL: own.url })]);
    await using client = connect(own.url);
    await client.redis.mset(`${one.prefix}:a`, '1', `${other.prefix}:a`, '2');
    await one.stop();
    expect(await client.redis.mget(`${one.prefix}:a`, `${other.prefix}:a`)).toEqual([null, '2']);
    await other.stop();
  });
});

function connect(url: string) {
  const redis = new Redis(url, { retryStrategy: () => null, maxRetriesPerRequest: 0 });
  // Without a listener ioredis writes connection errors to the console; the commands report them too.
  redis.on('error', () => {});
  return { redis, [Symbol.asyncDispose]: async () => redis.disconnect() };
}

async function withClient<T>(url: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  await using client = connect(url);
  return await use(client.redis);
}
