import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Keys } from '../src/requests/keys.ts';

/**
 * A sign of life while an agent works on an order: the hub sends the order again where it is missing. It only saves
 * work; that nothing is applied twice does not rest on it.
 */
const ALIVE_MS = 6_000;
const RENEW_MS = 2_000;

const RENEW_SCRIPT = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`;
const FREE_SCRIPT = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/** Runs the task unless another process shows signs of life for the same request; then it resolves at once. */
export async function whileRunning(
  redis: Redis,
  keys: Keys,
  of: { cluster: string; request: string },
  task: () => Promise<void>,
): Promise<void> {
  const key = keys.running(of.cluster, of.request);
  const token = randomUUID();
  if ((await redis.set(key, token, 'PX', ALIVE_MS, 'NX')) === null) return;
  const renewal = setInterval(() => {
    redis.eval(RENEW_SCRIPT, 1, key, token, ALIVE_MS).catch(() => undefined); // the next renewal may get through
  }, RENEW_MS);
  try {
    await task();
  } finally {
    clearInterval(renewal);
    await redis.eval(FREE_SCRIPT, 1, key, token).catch(() => undefined); // it ends by itself
  }
}

/** Which of these requests nobody is working on. */
export async function idle(
  redis: Redis,
  keys: Keys,
  requests: readonly { cluster: string; id: string }[],
): Promise<Set<string>> {
  if (requests.length === 0) return new Set();
  const alive = await redis.mget(requests.map(({ cluster, id }) => keys.running(cluster, id)));
  return new Set(requests.filter((_, i) => alive[i] === null).map(({ id }) => id));
}
