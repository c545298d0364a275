import type { Redis } from 'ioredis';
import type { Reading } from '../src/actions/action.ts';
import { answering } from '../src/requests/answering.ts';
import type { Keys } from '../src/requests/keys.ts';
import type { RequestSurface, Surfaces } from '../src/requests/requests.ts';
import { RETAIN_SECONDS } from '../src/requests/store.ts';

/** How long it is known where a request is shown, in seconds: it may wait for 30 days, and is kept for 30 more. */
const SHOWN_SECONDS = 2 * RETAIN_SECONDS + 24 * 3600;
/** How long a read's answer is kept for a Slack that is away, in seconds. */
const READING_SECONDS = 24 * 3600;
/** How long a reaction that was taken back is remembered, in seconds: Slack delivers an event again for some minutes. */
const TAKEN_BACK_SECONDS = 3600;

/** Where requests are shown, in Redis, with the ways back from a thread or a message to its request. */
export function createSurfaces(
  redis: Redis,
  keys: Keys,
): Surfaces & { keepReading(id: string, reading: Reading): Promise<void> } {
  return {
    async get(id) {
      const stored = await answering(redis.get(keys.surface(id)));
      return stored === null ? undefined : (JSON.parse(stored) as RequestSurface);
    },
    async put(id, surface) {
      const { channel, thread, cards } = surface;
      const write = redis.multi().set(keys.surface(id), JSON.stringify(surface), 'EX', SHOWN_SECONDS);
      if (thread !== undefined) {
        const key = keys.thread(channel, thread);
        write.sadd(key, id).expire(key, SHOWN_SECONDS);
      }
      for (const { ts, revision } of cards) {
        if (ts !== undefined) write.set(keys.card(channel, ts), `${id}.${revision}`, 'EX', SHOWN_SECONDS);
      }
      // A read's answer may be a megabyte; Slack has it now.
      if (surface.answered) write.del(keys.reading(id));
      await answering(write.exec());
    },
    inThread: (channel, thread) => answering(redis.smembers(keys.thread(channel, thread))),
    async shownBy(channel, ts) {
      const [id, revision] = (await answering(redis.get(keys.card(channel, ts))))?.split('.') ?? [];
      return id && revision ? { id, revision: Number(revision) } : undefined;
    },
    async delete(channel, ts) {
      await answering(redis.set(keys.deleted(channel, ts), 1, 'EX', SHOWN_SECONDS));
    },
    isDeleted: async (channel, ts) => (await answering(redis.exists(keys.deleted(channel, ts)))) === 1,
    async reading(id) {
      const stored = await answering(redis.get(keys.reading(id)));
      return stored === null ? undefined : (JSON.parse(stored) as Reading);
    },
    async takeBack({ channel, ts, user }, at) {
      await answering(redis.set(keys.takenBack(channel, ts, user), at, 'EX', TAKEN_BACK_SECONDS));
    },
    async takenBackAt({ channel, ts, user }) {
      return (await answering(redis.get(keys.takenBack(channel, ts, user)))) ?? undefined;
    },
    async keepReading(id, reading) {
      await answering(redis.set(keys.reading(id), JSON.stringify(reading), 'EX', READING_SECONDS));
    },
  };
}
