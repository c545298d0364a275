import type { Redis } from 'ioredis';
import { ConflictError, type DomainError } from '../src/errors.ts';
import { databaseAway } from '../src/requests/answering.ts';
import { GENESIS } from '../src/requests/audit.ts';
import type { AuditLog, LoggedEntry } from '../src/requests/audit-log.ts';
import type { Keys } from '../src/requests/keys.ts';

type Stored = [id: string, fields: string[]];

/** The audit log where it is kept: a Redis stream. */
export function createAuditStream(redis: Redis, keys: Keys): AuditLog {
  return {
    async after(id, count) {
      return entriesOf(await reading(redis.xrange(keys.audit, id === undefined ? '-' : `(${id}`, '+', 'COUNT', count)));
    },
    async before(id, count) {
      const stored = redis.xrevrange(keys.audit, id === undefined ? '+' : `(${id}`, '-', 'COUNT', count);
      return entriesOf(await reading(stored));
    },
    async end() {
      const both = redis.multi().get(keys.auditHead).xrevrange(keys.audit, '+', '-', 'COUNT', 1).exec();
      const [head, newest] = (await reading(both))?.map(answerOf) ?? [];
      return { head: (head as string | null) ?? GENESIS, last: entriesOf(newest as Stored[])[0] };
    },
  };
}

function answerOf([error, answer]: [Error | null, unknown]): unknown {
  if (error) throw failure(error);
  return answer;
}

async function reading<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    throw failure(cause);
  }
}

/** Where the key holds something else, Redis is not away. */
function failure(cause: unknown): DomainError {
  if (!(cause instanceof Error && cause.message.startsWith('WRONGTYPE'))) return databaseAway(cause);
  return new ConflictError('What is in Redis in the place of the audit log is none: somebody has replaced it.', {
    advice: 'Treat this Redis as compromised.',
    cause,
  });
}

/** A field that somebody took away is empty: no hash fits it. */
function entriesOf(stored: Stored[]): LoggedEntry[] {
  return stored.map(([id, fields]) => ({ id, hash: field(fields, 'hash'), entry: field(fields, 'entry') }));
}

function field(fields: readonly string[], name: string): string {
  const at = fields.findIndex((one, index) => index % 2 === 0 && one === name);
  return (at < 0 ? undefined : fields[at + 1]) ?? '';
}
