import type { Redis } from 'ioredis';
import type { Keys } from '../src/requests/keys.ts';
import type { Fence } from './fence.ts';

/** An agent's durable notes about one request's execution. */
export interface Journal {
  fence(): Promise<Fence | undefined>;
  /** Stores `next` where `previous` is what is stored; otherwise false, and nothing changes. */
  moveFence(previous: Fence | undefined, next: Fence): Promise<boolean>;
}

/** Longer than any request lives, in seconds. */
const RETAIN_SECONDS = 7 * 24 * 3600;

const MOVE_SCRIPT = `
local stored = redis.call('GET', KEYS[1]) or ''
if stored ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
`;

const encode = ({ uid, resourceVersion, generation, at }: Fence) =>
  JSON.stringify([uid, resourceVersion, generation, at]);

function decode(stored: string): Fence {
  const [uid, resourceVersion, generation, at] = JSON.parse(stored) as [string, string, number, number];
  return { uid, resourceVersion, generation, at };
}

/** `marker` (`<request>.<revision>`) names the execution: each revision has its own fence. */
export function createJournal(redis: Redis, keys: Keys, cluster: string, marker: string): Journal {
  const key = keys.journal(cluster, marker);
  return {
    async fence() {
      const stored = await redis.get(key);
      return stored === null ? undefined : decode(stored);
    },
    async moveFence(previous, next) {
      const moved = await redis.eval(
        MOVE_SCRIPT,
        1,
        key,
        previous ? encode(previous) : '',
        encode(next),
        RETAIN_SECONDS,
      );
      return moved === 1;
    },
  };
}
