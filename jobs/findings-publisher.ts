import type { Redis } from 'ioredis';
import type { Keys } from '../src/requests/keys.ts';
import { CLAIM_SCRIPT, PUBLISH_SCRIPT, type PublishArguments } from './publish-findings.lua.ts';

/** While one agent of a cluster reports, from one change of hands to the next. */
export interface Term {
  /** The Lease's count. */
  number: number;
  /** ms since the epoch. */
  watchingSince: number;
  /** When the first agent of the cluster began to tell; ms since the epoch. */
  firstWatched: number;
  /** What the agent before has told last was right then; undefined: there was none. ms since the epoch. */
  watchedUntil: number | undefined;
}

export interface FindingsPublisher {
  /** Undefined where another agent has taken over since. */
  claim(term: number): Promise<Term | undefined>;
  /** False where nothing was written: another agent has taken over, or Redis has lost what was told before. */
  publish(term: number, told: Omit<PublishArguments, 'now' | 'follows'>): Promise<boolean>;
  /** The highest term in which findings were told; 0 where there is none. */
  lastTerm(): Promise<number>;
}

/** Writes what one cluster's agent finds. */
export function createFindingsPublisher(deps: {
  redis: Redis;
  keys: Keys;
  cluster: string;
  now(): number;
}): FindingsPublisher {
  const { redis, keys, cluster, now } = deps;
  const key = keys.findings(cluster);
  let version = '';
  return {
    async claim(term) {
      const answer = await redis.eval(CLAIM_SCRIPT, 2, key, keys.clusters, term, now(), cluster);
      const [result, claimedAt, firstWatched, watchedUntil] = answer as [string, string?, string?, string?];
      if (result !== 'ok') return undefined;
      return {
        number: term,
        watchingSince: Number(claimedAt),
        firstWatched: Number(firstWatched),
        watchedUntil: watchedUntil ? Number(watchedUntil) : undefined,
      };
    },
    async publish(term, told) {
      const args: PublishArguments = { ...told, follows: version, now: String(now()) };
      const answer = await redis.eval(PUBLISH_SCRIPT, 1, key, term, JSON.stringify(args));
      const [result, left = ''] = answer as [string, string?];
      version = left;
      return result === 'ok';
    },
    lastTerm: async () => Number(await redis.hget(key, 'term')),
  };
}
