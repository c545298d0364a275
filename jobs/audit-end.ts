import type { Redis } from 'ioredis';
import { answering, databaseAway } from '../src/requests/answering.ts';
import { GENESIS } from '../src/requests/audit.ts';
import type { Checkpoint } from '../src/requests/checkpoint.ts';
import type { Keys } from '../src/requests/keys.ts';

/** Where the audit log ends. */
export interface AuditEnd extends Checkpoint {
  /** Id in the stream of the last entry; undefined where there is none. */
  last: string | undefined;
}

type Answers = [time: string[], length: number, removed: string | null, head: string | null, last: [string][]];

/** All of it of one moment, by the clock of Redis, which stamps the entries too. UnavailableError where Redis is away. */
export async function readAuditEnd(redis: Redis, keys: Keys): Promise<AuditEnd> {
  const reading = redis
    .multi()
    .time()
    .xlen(keys.audit)
    .get(keys.auditRemoved)
    .get(keys.auditHead)
    .xrevrange(keys.audit, '+', '-', 'COUNT', 1);
  const answers = (await answering(reading.exec())) ?? [];
  for (const [error] of answers) if (error) throw databaseAway(error);
  const [time, length, removed, head, last] = answers.map(([, answer]) => answer) as Answers;
  return { at: ms(time), entries: length + Number(removed ?? 0), head: head ?? GENESIS, last: last[0]?.[0] };
}

/** ms since the epoch, by the clock of Redis: the one that all hubs share. */
export async function timeOf(redis: Redis): Promise<number> {
  return ms(await answering(redis.time()));
}

/** What TIME answers: seconds and microseconds. */
function ms([seconds, micros]: readonly (string | number)[]): number {
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}
