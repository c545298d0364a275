import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { UnavailableError } from '../src/errors.ts';
import type { ClusterSnapshot, SnapshotReader } from '../src/kubernetes/snapshot-reader.ts';
import type { Keys } from '../src/requests/keys.ts';
import { every, type Repeated } from './every.ts';

/** For a hub that has no agent in its process: the agent's picture by way of Redis, compressed. */

/** How often the agent looks whether its picture has changed, and an unchanged one is published again so that its age is known; ms. */
const LOOK_MS = 250;
const STILL_ALIVE_MS = 10_000;
/** After publishing it rests for so many times as long as that took: a large cluster is published less often. */
const REST = 20;
/** A picture that nobody renews is dropped after so long, in seconds. */
const KEEP_SECONDS = 24 * 3600;
/** How often a hub looks for a newer picture while somebody looks at it, in ms. */
const LOOK_EVERY_MS = 500;

export function startSnapshotPublisher(deps: {
  redis: Redis;
  keys: Keys;
  cluster: string;
  reader: SnapshotReader;
  encode(snapshot: ClusterSnapshot): Buffer;
  logger: Logger;
}): Pick<Repeated, 'stop'> {
  const { redis, keys, cluster, reader, encode, logger } = deps;
  let published = { version: -1, at: Number.NEGATIVE_INFINITY, took: 0 };

  async function publish(): Promise<void> {
    const begun = performance.now();
    const since = begun - published.at;
    if (since < REST * published.took) return;
    const snapshot = await reader.read();
    if (snapshot.version === published.version && since < STILL_ALIVE_MS) return;
    const mark = `${process.pid}-${snapshot.version}-${snapshot.asOf}`;
    await redis
      .multi()
      .hset(keys.snapshot(cluster), { mark, body: encode(snapshot) })
      .expire(keys.snapshot(cluster), KEEP_SECONDS)
      .exec();
    const at = performance.now();
    published = { version: snapshot.version, at, took: at - begun };
  }

  return every(LOOK_MS, 'publishing the snapshot', publish, logger);
}

/** Reads what the agent of a cluster published. */
export function createPublishedSnapshot(deps: {
  redis: Redis;
  keys: Keys;
  cluster: string;
  decode(data: Buffer): ClusterSnapshot;
}): SnapshotReader {
  const { redis, keys, cluster, decode } = deps;
  const key = keys.snapshot(cluster);
  let known: { mark: string; snapshot: ClusterSnapshot } | undefined;

  async function read(): Promise<ClusterSnapshot> {
    const mark = await redis.hget(key, 'mark');
    if (known && known.mark === mark) return known.snapshot;
    const body = await redis.hgetBuffer(key, 'body');
    if (mark === null || body === null) {
      throw new UnavailableError(`No agent of the cluster ${cluster} has reported yet.`, {
        advice: 'Check that an agent runs (OPSBOT_ROLES=agent) and that it reaches its cluster.',
      });
    }
    known = { mark, snapshot: decode(body) };
    return known.snapshot;
  }

  return {
    read,
    onChange(listener) {
      let version: number | undefined;
      const timer = setInterval(() => {
        read().then(
          (snapshot) => {
            if (snapshot.version !== version) listener();
            version = snapshot.version;
          },
          () => undefined, // nothing to tell yet
        );
      }, LOOK_EVERY_MS);
      return () => clearInterval(timer);
    },
  };
}
