import { Redis } from 'ioredis';
import { createKeys } from '../../src/requests/keys.ts';
import { startOwnRedis } from '../support/redis.ts';

export interface SandboxRedis {
  url: string;
  stop(): Promise<void>;
}

/** A private Redis, or the database that REDIS_URL names: one without an opsbot's data, and left so. */
export async function startSandboxRedis(url: string | undefined): Promise<SandboxRedis> {
  return url ? borrow(url) : startOwnRedis({ detached: true });
}

async function borrow(url: string): Promise<SandboxRedis> {
  const pattern = `${createKeys().prefix.replaceAll(/[[\]?*\\]/g, '\\$&')}*`;
  await using lent = await connect(url);
  for await (const keys of lent.redis.scanStream({ match: pattern, count: 1000 })) {
    if (keys.length > 0) {
      throw new Error(
        'The Redis that REDIS_URL names holds the data of an opsbot. Name an empty database (…/9), or unset REDIS_URL.',
      );
    }
  }
  return { url, stop: () => empty(url, pattern) };
}

async function empty(url: string, pattern: string): Promise<void> {
  await using lent = await connect(url);
  for await (const keys of lent.redis.scanStream({ match: pattern, count: 1000 })) {
    if (keys.length > 0) await lent.redis.unlink(keys);
  }
}

async function connect(url: string): Promise<{ redis: Redis } & AsyncDisposable> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 });
  redis.on('error', () => undefined); // connect() rejects with it
  try {
    await redis.connect();
  } catch (cause) {
    redis.disconnect();
    throw new Error(
      `The Redis that REDIS_URL names cannot be reached: ${cause instanceof Error ? cause.message : cause}`,
    );
  }
  return {
    redis,
    async [Symbol.asyncDispose]() {
      redis.disconnect();
    },
  };
}
