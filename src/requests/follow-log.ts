import { GENESIS, hashAfter } from './audit.ts';
import { type Beginning, type ChainState, contentOf, createChain, type Link, trimIn } from './audit-chain.ts';
import { type AuditLog, isBefore, type LoggedEntry } from './audit-log.ts';

/** Entries that are read at once. */
const BATCH = 200;

export interface FollowedLog extends ChainState {
  /** Undefined where nothing says what was before the first entry. */
  beginning: Beginning | undefined;
  /** Retention removed entries meanwhile: what was found may be its doing. */
  hasMoved: boolean;
}

/**
 * Follows the chain from the first entry to the one that is the newest when it begins. `onLinks` is told of them in the
 * order of the log, and waited for.
 */
export async function followLog(
  log: AuditLog,
  onLinks: (links: readonly Link[]) => void | Promise<void>,
): Promise<FollowedLog> {
  const { head, last } = await log.end();
  const [first] = await log.after(undefined, 1);
  const beginning = await beginningOf(log, first);
  const chain = createChain(beginning);
  for await (const batch of batchesUpTo(log, last)) await onLinks(batch.map(chain.take));
  chain.end(head);
  const [firstNow] = first ? await log.after(undefined, 1) : [];
  return { ...chain.state(), beginning, hasMoved: firstNow?.id !== first?.id };
}

/** Reads on while the reader is at work on what was read. */
async function* batchesUpTo(log: AuditLog, last: LoggedEntry | undefined): AsyncGenerator<LoggedEntry[]> {
  if (!last) return;
  let reading = log.after(undefined, BATCH);
  for (;;) {
    const batch = await reading;
    const newest = batch.at(-1)?.id;
    const isLast = newest === undefined || batch.length < BATCH || !isBefore(newest, last.id);
    if (!isLast) {
      reading = log.after(newest, BATCH);
      // Whoever waits for it hears of a failure; nobody does where the reader has failed first.
      reading.catch(() => undefined);
    }
    yield batch.filter(({ id }) => !isBefore(last.id, id));
    if (isLast) return;
  }
}

/** Where the chain begins: with nothing before it, or where an entry of retention further on says. */
async function beginningOf(log: AuditLog, first: LoggedEntry | undefined): Promise<Beginning | undefined> {
  const fits = (head: string) => first === undefined || hashAfter(head, first.entry) === first.hash;
  if (fits(GENESIS)) return { entries: 0, head: GENESIS };
  let oldest: string | undefined;
  for (;;) {
    const batch = await log.before(oldest, BATCH);
    const trims = batch.map(({ entry }) => (entry.includes('"audit-trimmed"') ? trimIn(contentOf(entry)) : undefined));
    const trim = trims.find((one) => one && fits(one.head));
    if (trim) return { entries: trim.entries, head: trim.head };
    oldest = batch.at(-1)?.id;
    if (oldest === undefined) return undefined;
  }
}
