import type { Redis } from 'ioredis';
import { answering } from '../src/requests/answering.ts';
import type { TrimEntry } from '../src/requests/audit.ts';
import { type Appended, createAuditHead } from '../src/requests/audit-head.ts';
import { type AuditLog, isBefore, momentOf } from '../src/requests/audit-log.ts';
import type { Keys } from '../src/requests/keys.ts';
import { createAuditStream } from './audit-stream.ts';
import { TRIM_SCRIPT, type TrimArguments } from './trim-audit.lua.ts';

/** Which entries may go. */
export interface Trim {
  /** ms since the epoch, by the clock of Redis. */
  now: number;
  keepMs: number;
  /** Id in the stream of the last entry that a delivered checkpoint vouches for. */
  covered: string;
}

/** Entries that one script removes at most: Redis answers nobody else meanwhile. */
const ROUND = 10_000;
const PAGE = 1_000;

/** The oldest entries, which are to go. */
interface Oldest {
  /** Id and hash of the last of them. */
  last: string;
  hash: string;
  count: number;
}

/**
 * Removes the audit log's oldest entries, those alone that are old enough and that a checkpoint vouches for. The chain
 * stays whole: each removal appends an entry that says where the log begins by then.
 */
export function createAuditTrim(deps: { redis: Redis; keys: Keys; log?: AuditLog; round?: number }) {
  const { redis, keys, log = createAuditStream(deps.redis, deps.keys), round = ROUND } = deps;
  const head = createAuditHead();

  async function oldest(trim: Trim): Promise<Oldest | undefined> {
    let found: Oldest | undefined;
    let isWorthIt = false;
    while ((found?.count ?? 0) < round) {
      const page = await log.after(found?.last, Math.min(PAGE, round - (found?.count ?? 0)));
      const old = page.filter(({ id }) => mayGo(id, trim));
      const end = old.at(-1);
      if (!end) break;
      isWorthIt ||= old.some(({ entry }) => !isOfTrim(entry));
      found = {
        last: end.id,
        hash: end.hash,
        count: (found?.count ?? 0) + old.length,
      };
      if (old.length < page.length) break;
    }
    return isWorthIt ? found : undefined;
  }

  async function remove(before: number, { last, hash, count }: Oldest, { now, keepMs }: Trim): Promise<boolean> {
    const entries = before + count;
    const entry: TrimEntry = { at: now, event: 'audit-trimmed', actor: 'opsbot', entries, head: hash, keepMs };
    return head.append([entry], async (audit): Promise<Appended<boolean>> => {
      const args: TrimArguments = { ...audit, last, removedBefore: String(before), removed: String(entries) };
      const [result, moved = ''] = (await answering(
        redis.eval(TRIM_SCRIPT, 3, keys.audit, keys.auditHead, keys.auditRemoved, JSON.stringify(args)),
      )) as [string, string?];
      if (result === 'head') return { head: moved };
      return { result: result === 'ok', written: result === 'ok' };
    });
  }

  /** Gives how many it has removed; nothing more once the signal aborts. UnavailableError where Redis is away. */
  return async (trim: Trim, signal: AbortSignal): Promise<number> => {
    let removed = 0;
    while (!signal.aborted) {
      const before = Number((await answering(redis.get(keys.auditRemoved))) ?? 0);
      const found = await oldest(trim);
      if (!found || !(await remove(before, found, trim))) break;
      removed += found.count;
    }
    return removed;
  };
}

function mayGo(id: string, { now, keepMs, covered }: Trim): boolean {
  return momentOf(id) < now - keepMs && !isBefore(covered, id);
}

/** Where nothing else is old, another removal would only put one such entry in the place of the other, day by day. */
function isOfTrim(entry: string): boolean {
  return entry.includes('"event":"audit-trimmed"');
}
