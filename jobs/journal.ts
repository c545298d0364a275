import type { Redis } from 'ioredis';
import type { Keys } from '../src/requests/keys.ts';
import type { Fence } from './fence.ts';

/** An agent's durable notes about one attempt to carry out a request. */
export interface Journal {
  /** From now on no earlier attempt begins anything: what this one finds undone stays so unless it does it itself. */
  takeOver(): Promise<void>;
  fence(): Promise<Fence | undefined>;
  /**
   * Stores `next` where `previous` is what is stored and no later attempt has taken over; otherwise nothing changes, and
   * it says which of the two it was.
   */
  moveFence(previous: Fence | undefined, next: Fence): Promise<'moved' | 'changed' | 'overtaken'>;
}

/** Longer than any request lives, in seconds. */
const RETAIN_SECONDS = 7 * 24 * 3600;

const TAKE_OVER_SCRIPT = `
if tonumber(redis.call('GET', KEYS[1]) or 0) < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
end
`;

const MOVE_SCRIPT = `
if tonumber(redis.call('GET', KEYS[2]) or 0) > tonumber(ARGV[4]) then return 'overtaken' end
local stored = redis.call('GET', KEYS[1]) or ''
if stored ~= ARGV[1] then return 'changed' end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 'moved'
`;

const encode = ({ uid, resourceVersion, generation, at }: Fence) =>
  JSON.stringify([uid, resourceVersion, generation, at]);

function decode(stored: string): Fence {
  const [uid, resourceVersion, generation, at] = JSON.parse(stored) as [string, string, number, number];
  return { uid, resourceVersion, generation, at };
}

/** `marker` (`<request>.<revision>`) names the execution: each revision has its own fence. */
export async function readFence(redis: Redis, keys: Keys, cluster: string, marker: string): Promise<Fence | undefined> {
  const stored = await redis.get(keys.journal(cluster, marker));
  return stored === null ? undefined : decode(stored);
}

export function createJournal(deps: {
  redis: Redis;
  keys: Keys;
  cluster: string;
  marker: string;
  attempt: number;
}): Journal {
  const { redis, keys, cluster, marker, attempt } = deps;
  const fence = keys.journal(cluster, marker);
  const latest = keys.latestAttempt(cluster, marker);
  return {
    async takeOver() {
      await redis.eval(TAKE_OVER_SCRIPT, 1, latest, attempt, RETAIN_SECONDS);
    },
    fence: () => readFence(redis, keys, cluster, marker),
    async moveFence(previous, next) {
      const [before, after] = [previous ? encode(previous) : '', encode(next)];
      const moved = await redis.eval(MOVE_SCRIPT, 2, fence, latest, before, after, RETAIN_SECONDS, attempt);
      return moved as 'moved' | 'changed' | 'overtaken';
    },
  };
}
