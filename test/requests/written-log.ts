import { Redis } from 'ioredis';
import { createAuditStream } from '../../jobs/audit-stream.ts';
import type { LoggedEntry } from '../../src/requests/audit-log.ts';
import { createKeys, type Keys } from '../../src/requests/keys.ts';
import { startOwnRedis } from '../support/redis.ts';
import { startHubKit } from './hub-kit.ts';
import { storeLog } from './memory-log.ts';

export interface WrittenLog {
  url: string;
  redis: Redis;
  keys: Keys;
  /** What the log was in the beginning. */
  written: readonly LoggedEntry[];
  stop(): Promise<void>;
}

/** The audit log of what a hub does, in a Redis of its own and under opsbot's own keys: to be read, and tampered with. */
export async function writeLog(
  does: (kit: Awaited<ReturnType<typeof startHubKit>>) => Promise<unknown>,
): Promise<WrittenLog> {
  const kit = await startHubKit();
  await does(kit);
  const written = await createAuditStream(kit.redis, kit.keys).after(undefined, 100);
  await kit.stop();

  const server = await startOwnRedis();
  const redis = new Redis(server.url);
  const keys = createKeys();
  await storeLog(redis, keys, written);
  return {
    ...{ url: server.url, redis, keys, written },
    async stop() {
      redis.disconnect();
      await server.stop();
    },
  };
}
