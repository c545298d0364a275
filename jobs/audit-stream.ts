import type { Redis } from 'ioredis';
import { answering, databaseAway } from '../src/requests/answering.ts';
import { GENESIS } from '../src/requests/audit.ts';
import type { AuditLog, LoggedEntry } from '../src/requests/audit-log.ts';
import type { Keys } from '../src/requests/keys.ts';

type Stored = [id: string, fields: string[]];

/** The audit log where it is kept: a Redis stream. */
export function createAuditStream(redis: Redis, keys: Keys): AuditLog {
  return {
    async after(id, count) {
      return entriesOf(
        await answering(redis.xrange(keys.audit, id === undefined ? '-' : `(${id}`, '+', 'COUNT', count)),
      );
    },
    async before(id, count) {
      const stored = redis.xrevrange(keys.audit, id === undefined ? '+' : `(${id}`, '-', 'COUNT', count);
      return entriesOf(await answering(stored));
    },
    head: async () => (await answering(redis.get(keys.auditHead))) ?? GENESIS,
    async end() {
      const both = redis.multi().get(keys.auditHead).xrevrange(keys.audit, '+', '-', 'COUNT', 1).exec();
      const [head, newest] = (await answering(both))?.map(answerOf) ?? [];
      return { head: (head as string | null) ?? GENESIS, last: entriesOf(newest as Stored[])[0] };
    },
  };
}

function answerOf([error, answer]: [Error | null, unknown]): unknown {
  if (error) throw databaseAway(error);
  return answer;
}

/** A field that somebody took away is empty: no hash fits it. */
function entriesOf(stored: Stored[]): LoggedEntry[] {
  return stored.map(([id, fields]) => ({ id, hash: field(fields, 'hash'), entry: field(fields, 'entry') }));
}

function field(fields: readonly string[], name: string): string {
  const at = fields.findIndex((one, index) => index % 2 === 0 && one === name);
  return (at < 0 ? undefined : fields[at + 1]) ?? '';
}
