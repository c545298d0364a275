import { type AuditLog, momentOf } from './audit-log.ts';
import { type ReadEntry, readEntry } from './history-entry.ts';
import type { HistoryFilter } from './history-filter.ts';
import { createHistoryRows, type HistoryRow } from './history-rows.ts';
import { isTerminal } from './request.ts';
import type { Store } from './store.ts';

export interface HistoryQuery {
  filter: HistoryFilter;
  /** `older` of the page before; absent for the newest. */
  before?: string | undefined;
  count: number;
}

export interface HistoryPage {
  /** Newest first. */
  rows: HistoryRow[];
  /** Where the next page begins; undefined where there is no more. */
  older: string | undefined;
  /** ms since the epoch: how far back was looked, where that was not far enough to fill the page. */
  lookedBackTo?: number | undefined;
  /** Entries that could not be read, and so may be missing here. */
  unreadable: number;
}

export interface History {
  /** A page of what was asked and decided, from the audit log. UnavailableError where Redis is away. */
  page(query: HistoryQuery): Promise<HistoryPage>;
}

export interface HistoryDependencies {
  log: Pick<AuditLog, 'before'>;
  store: Pick<Store, 'openIds' | 'loadAll'>;
  /** Entries that one page looks through, at most: who waits for it has 3 s. */
  reach?: number;
  batch?: number;
}

const REACH = 10_000;
const BATCH = 500;
/** Open requests that history knows of, at most. */
const OPEN = 1_000;

export function createHistory({ log, store, reach = REACH, batch = BATCH }: HistoryDependencies): History {
  /** What was written before, newest first, with the requests among it that are open. */
  async function* entriesBefore(before: string | undefined) {
    const openIds = new Set(await store.openIds(OPEN));
    let at = before;
    for (let left = reach; left > 0; left -= batch) {
      const logged = await log.before(at, Math.min(batch, left));
      const entries = logged.map((one) => ({ id: one.id, read: readEntry(one) }));
      const open = await openAmong(openIds, entries);
      for (const entry of entries) yield { ...entry, open };
      at = logged.at(-1)?.id;
      if (at === undefined) return;
    }
  }

  async function openAmong(openIds: ReadonlySet<string>, entries: readonly { read: ReadEntry }[]) {
    const ids = entries.flatMap(({ read }) => {
      const asked = read.kind === 'request' && read.entry.event === 'asked' ? read.entry.request : undefined;
      return asked !== undefined && openIds.has(asked) ? [asked] : [];
    });
    const open = (await store.loadAll(ids)).filter(({ state }) => !isTerminal(state));
    return new Map(open.map((request) => [request.id, request]));
  }

  return {
    async page({ filter, before, count }) {
      const found = createHistoryRows(filter);
      let at = before;
      let looked = 0;
      for await (const { id, read, open } of entriesBefore(before)) {
        found.take(id, read, open);
        at = id;
        looked += 1;
        if (found.isEnough(count)) return pageOf(found, count, undefined);
      }
      found.settle();
      return pageOf(found, count, looked < reach ? undefined : at);
    },
  };
}

/** `rest`: where more may be than was found. */
function pageOf(found: ReturnType<typeof createHistoryRows>, count: number, rest: string | undefined): HistoryPage {
  const rows = found.rows.slice(0, count);
  const unreadable = found.unreadable();
  if (found.rows.length > count) return { rows, older: rows.at(-1)?.at, unreadable };
  return { rows, older: rest, unreadable, ...(rest !== undefined && { lookedBackTo: momentOf(rest) }) };
}
