import type { Redis } from 'ioredis';
import { type AuditEntry, chain, GENESIS } from '../../src/requests/audit.ts';
import { type AuditLog, isBefore, type LoggedEntry } from '../../src/requests/audit-log.ts';
import type { Keys } from '../../src/requests/keys.ts';
import { T0 } from './sample.ts';

export type Entries = readonly LoggedEntry[];

/** Entry number `n` of a log. */
export const entry = (n: number): AuditEntry => ({
  at: T0 + n * 1000,
  event: 'silence-ended',
  actor: { user: `U${n}` },
  cluster: 'test',
  owner: { kind: 'Deployment', namespace: 'default', name: `app-${n}` },
});

/** Hashes as the writer makes them, after `head`; ids as Redis gives them. */
export function chained(entries: readonly AuditEntry[], head = GENESIS): LoggedEntry[] {
  let last = head;
  return entries.map((one, index) => {
    const { entry, hash } = chain(last, one);
    last = hash;
    return { id: `${T0 + index}-0`, hash, entry };
  });
}

/** A log of that many entries. */
export const logOf = (count: number): LoggedEntry[] =>
  chained(Array.from({ length: count }, (_, index) => entry(index + 1)));

/** With ids in order again, as somebody has to give them who writes a stream anew. */
export const restacked = (entries: Entries): LoggedEntry[] =>
  entries.map((one, index) => ({ ...one, id: `${T0 + index}-0` }));

/** The log as it lies in Redis, with this head. */
export function memoryLog(entries: Entries, head = entries.at(-1)?.hash ?? GENESIS): AuditLog {
  return {
    after: async (id, count) => entries.filter((one) => id === undefined || isBefore(id, one.id)).slice(0, count),
    before: async (id, count) =>
      entries
        .filter((one) => id === undefined || isBefore(one.id, id))
        .reverse()
        .slice(0, count),
    end: async () => ({ head, last: entries.at(-1) }),
  };
}

/** The log as it is to lie in Redis, in place of what is there. */
export async function storeLog(redis: Redis, keys: Keys, entries: Entries, head = entries.at(-1)?.hash): Promise<void> {
  await redis.del(keys.audit, keys.auditHead);
  for (const { id, hash, entry } of entries) await redis.xadd(keys.audit, id, 'hash', hash, 'entry', entry);
  if (head !== undefined) await redis.set(keys.auditHead, head);
}
