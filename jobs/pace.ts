import type { Redis } from 'ioredis';
import { answering } from '../src/requests/answering.ts';
import type { Keys } from '../src/requests/keys.ts';

/**
 * Slack takes about one message a second in a channel, and 50 edits a minute from one app (tier 3), of which ten are left
 * to the requests that people have in hand meanwhile. In ms.
 */
const POST_EVERY_MS = 1_000;
const EDIT_EVERY_MS = 1_500;

/** Holds messages about incidents to Slack's rates, for all hubs together. The first after a pause goes out at once. */
export interface Pace {
  /** ms until the next message may go to the channel; until an edit may, too, where it may be one. */
  waitMs(channel: string, maybeEdit: boolean): Promise<number>;
  made(channel: string, what: 'post' | 'edit'): Promise<void>;
}

/** Beside the channels, whose ids are letters and digits. */
const EDITED = 'edited';

export function createPace(redis: Redis, keys: Keys, now: () => number): Pace {
  /** No longer than the interval, whatever the clock of another hub said. */
  const left = (at: string | null | undefined, everyMs: number) =>
    at ? Math.max(0, Math.min(everyMs, Number(at) + everyMs - now())) : 0;
  return {
    async waitMs(channel, maybeEdit) {
      const [posted, edited] = await answering(redis.hmget(keys.paced, channel, EDITED));
      return Math.max(left(posted, POST_EVERY_MS), maybeEdit ? left(edited, EDIT_EVERY_MS) : 0);
    },
    async made(channel, what) {
      await answering(redis.hset(keys.paced, what === 'post' ? channel : EDITED, now()));
    },
  };
}
