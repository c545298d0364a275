import type { Redis } from 'ioredis';
import { answering } from '../src/requests/answering.ts';
import type { Keys } from '../src/requests/keys.ts';

/** What has changed and is not shown in its channel yet, in the order in which it shall be (turn.ts). */
export interface Unshown {
  channels(): Promise<string[]>;
  /** Of all channels. */
  count(): Promise<number>;
  /** Id of the next incident or storm but those; undefined: there is no other. */
  next(channel: string, but: ReadonlySet<string>): Promise<string | undefined>;
  /** Takes it out, unless it has changed since `version`; then it waits for its next turn. */
  settle(channel: string, item: { id: string; key: string; version: number | undefined; turn: number }): Promise<void>;
  /** Gives it another turn. */
  putOff(channel: string, id: string, turn: number): Promise<void>;
}

/**
 * KEYS  1 record  2 unshown  3 channels
 * ARGV  1 id  2 version that was shown  3 turn  4 channel
 */
const SETTLE_SCRIPT = `
if (redis.call('HGET', KEYS[1], 'version') or ARGV[2]) == ARGV[2] then
  redis.call('ZREM', KEYS[2], ARGV[1])
else
  redis.call('ZADD', KEYS[2], 'XX', ARGV[3], ARGV[1])
end
if redis.call('EXISTS', KEYS[2]) == 0 then redis.call('SREM', KEYS[3], ARGV[4]) end
`;

export function createUnshown(redis: Redis, keys: Keys): Unshown {
  const channels = () => answering(redis.smembers(keys.unshownChannels));
  return {
    channels,
    async count() {
      const each = (await channels()).map((channel) => answering(redis.zcard(keys.unshown(channel))));
      return (await Promise.all(each)).reduce((sum, one) => sum + one, 0);
    },
    async next(channel, but) {
      const first = await answering(redis.zrange(keys.unshown(channel), 0, String(but.size)));
      return first.find((id) => !but.has(id));
    },
    async settle(channel, { id, key, version, turn }) {
      const shown = String(version ?? '');
      await answering(
        redis.eval(
          SETTLE_SCRIPT,
          3,
          key,
          keys.unshown(channel),
          keys.unshownChannels,
          id,
          shown,
          String(turn),
          channel,
        ),
      );
    },
    async putOff(channel, id, turn) {
      await answering(redis.zadd(keys.unshown(channel), 'XX', turn, id));
    },
  };
}
