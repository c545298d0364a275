import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { refusalOf } from '../src/requests/answering.ts';

/** ms that a healthy Redis stays far below; `/metrics` leaves out what takes longer than 500. */
const ANSWERS_WITHIN_MS = 450;
/** What is written is gone after so many ms. */
const KEPT_MS = 60_000;

/**
 * Why this Redis cannot do its work; undefined where it can. It writes to `key`: one that is full, or a replica, still
 * answers what is only read.
 */
export async function redisProblem(redis: Redis, key: string): Promise<string | undefined> {
  if (redis.status !== 'ready') return 'Redis is not connected';
  const written = redis.set(key, '1', 'PX', KEPT_MS).then(
    () => undefined,
    (error: unknown) => `Redis ${refusalOf(error)?.problem ?? 'does not answer'}`,
  );
  const answered = new AbortController();
  const late = delay(ANSWERS_WITHIN_MS, 'Redis does not answer', { signal: answered.signal, ref: false });
  late.catch(() => undefined); // it was called off
  return Promise.race([written, late]).finally(() => answered.abort());
}
