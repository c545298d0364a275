import type { Redis } from 'ioredis';
import type { Keys } from '../src/requests/keys.ts';
import { whileHeld } from './while-held.ts';

/**
 * A sign of life while an agent works on an order: the hub sends the order again where it is missing. It only saves
 * work; that nothing is applied twice does not rest on it.
 */
const ALIVE_MS = 6_000;

/** Runs the task unless another process shows signs of life for the same request; then it resolves at once. */
export async function whileRunning(
  redis: Redis,
  keys: Keys,
  of: { cluster: string; request: string },
  task: () => Promise<void>,
): Promise<void> {
  await whileHeld(redis, keys.running(of.cluster, of.request), ALIVE_MS, task);
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
