import type { Redis } from 'ioredis';
import { answering } from '../src/requests/answering.ts';
import type { Keys } from '../src/requests/keys.ts';
import type { Pace } from '../src/requests/requests.ts';

/**
 * Slack takes about one message a second in a channel, and 50 edits a minute from one app (tier 3), of which ten are left
 * to the requests that people have in hand meanwhile. In ms.
 */
const POST_EVERY_MS = 1_000;
const EDIT_EVERY_MS = 1_500;
/** Slack says nothing of how large a burst may be: once it has said “enough”, calls take turns, so far apart, in ms. */
const TURN_EVERY_MS: Readonly<Record<string, number>> = { 'chat.update': 1_200 };
/** They do until Slack has not said so again for as long as its rates are counted, in ms. */
const TURNS_FOR_MS = 60_000;

/**
 * Holds messages to Slack's rates, for all hubs together. What people wait for goes out at once, until Slack says that it
 * is too much; what is said about incidents, which come in storms, keeps its distance beforehand, from requests' too.
 */
export interface IncidentPace extends Pace {
  /** ms until the next message about an incident may go to the channel; until an edit may, too, where it may be one. */
  waitMs(channel: string, maybeEdit: boolean): Promise<number>;
  made(channel: string, what: 'post' | 'edit'): Promise<void>;
}

/** Beside the channels, whose ids are letters and digits. */
const EDITED = 'edited';

/** By the database's clock, which all hubs share. */
const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** KEYS 1 limited  ARGV 1 ms between two calls. Answers how long to wait, or takes the turn. */
const ADMIT_SCRIPT = `
local turn = tonumber(redis.call('GET', KEYS[1]) or 0)
if turn == 0 then return 0 end
${NOW}
if turn > now then return turn - now end
redis.call('SET', KEYS[1], string.format('%d', now + ARGV[1]), 'KEEPTTL')
return 0
`;

/** KEYS 1 limited  ARGV 1 ms to wait  2 ms for which calls take turns then */
const LIMITED_SCRIPT = `
${NOW}
local turn = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now + ARGV[1])
redis.call('SET', KEYS[1], string.format('%d', turn), 'PX', turn - now + ARGV[2])
`;

export function createPace(redis: Redis, keys: Keys, now: () => number): IncidentPace {
  /** No longer than the interval, whatever the clock of another hub said. */
  const left = (at: string | null | undefined, everyMs: number) =>
    at ? Math.max(0, Math.min(everyMs, Number(at) + everyMs - now())) : 0;

  async function made(channel: string, what: 'post' | 'edit'): Promise<void> {
    await answering(redis.hset(keys.paced, what === 'post' ? channel : EDITED, now()));
  }

  async function note(method: string, channel: string | undefined): Promise<void> {
    if (channel === undefined) return;
    if (method === 'chat.postMessage') await made(channel, 'post');
    if (method === 'chat.update') await made(channel, 'edit');
  }

  return {
    async admit(method, channel) {
      const everyMs = TURN_EVERY_MS[method] ?? POST_EVERY_MS;
      const ms = Number(await answering(redis.eval(ADMIT_SCRIPT, 1, keys.limited(method, channel), everyMs)));
      if (ms === 0) await note(method, channel);
      return ms;
    },
    async limited(method, channel, retryAfterMs) {
      const ms = Math.ceil(retryAfterMs);
      await answering(redis.eval(LIMITED_SCRIPT, 1, keys.limited(method, channel), ms, TURNS_FOR_MS));
    },
    async waitMs(channel, maybeEdit) {
      const [posted, edited] = await answering(redis.hmget(keys.paced, channel, EDITED));
      return Math.max(left(posted, POST_EVERY_MS), maybeEdit ? left(edited, EDIT_EVERY_MS) : 0);
    },
    made,
  };
}
