import type { Redis } from 'ioredis';
import { answering } from '../src/requests/answering.ts';
import type { Keys } from '../src/requests/keys.ts';
import type { HomeVisitors } from '../src/requests/requests.ts';

/** KEYS 1 shown  ARGV 1 user  2 what it has to be, empty for nothing  3 what it shall be */
const REPLACE_SCRIPT = `
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
`;

/** Who looks at App Home, in Redis, so that any replica can refresh it and only one does. */
export function createHomeVisitors(redis: Redis, keys: Keys, now: () => number): HomeVisitors {
  return {
    async opened(user) {
      // What they see now is published in any case: forget what they were shown before.
      await answering(redis.multi().zadd(keys.homeOpened, now(), user).hdel(keys.homeShown, user).exec());
    },
    recent: (withinMs) => answering(redis.zrangebyscore(keys.homeOpened, now() - withinMs, '+inf')),
    filter: async (user) => (await answering(redis.hget(keys.homeFilter, user))) ?? undefined,
    async setFilter(user, namespace) {
      if (namespace === undefined) await answering(redis.hdel(keys.homeFilter, user));
      else await answering(redis.hset(keys.homeFilter, user, namespace));
    },
    shown: async (user) => (await answering(redis.hget(keys.homeShown, user))) ?? undefined,
    async replaceShown(user, from, to) {
      return (await answering(redis.eval(REPLACE_SCRIPT, 1, keys.homeShown, user, from ?? '', to))) === 1;
    },
    async forgetShown(user) {
      await answering(redis.hdel(keys.homeShown, user));
    },
  };
}
