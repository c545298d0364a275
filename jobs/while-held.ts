import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

const RENEW_SCRIPT = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`;
const FREE_SCRIPT = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/**
 * Runs the task unless another process holds the key; then it resolves at once. The key is renewed meanwhile, and free
 * again `aliveMs` after a crash. The task is handed what the key holds as long as it is ours: a process that stood still
 * for too long may have lost it.
 */
export async function whileHeld(
  redis: Redis,
  key: string,
  aliveMs: number,
  task: (token: string) => Promise<void>,
): Promise<void> {
  const token = randomUUID();
  if ((await redis.set(key, token, 'PX', aliveMs, 'NX')) === null) return;
  const renewal = setInterval(() => {
    redis.eval(RENEW_SCRIPT, 1, key, token, aliveMs).catch(() => undefined); // the next renewal may get through
  }, aliveMs / 3);
  try {
    await task(token);
  } finally {
    clearInterval(renewal);
    await redis.eval(FREE_SCRIPT, 1, key, token).catch(() => undefined); // it ends by itself
  }
}
