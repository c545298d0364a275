import { redisBinary } from './redis-binary.ts';

/** Once before all test files: the installation of Redis must not eat the time of whichever test comes first. */
export async function setup(): Promise<void> {
  if (!process.env.REDIS_URL) await redisBinary();
}
