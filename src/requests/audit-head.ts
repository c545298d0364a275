import type { AuditArguments } from './audit.lua.ts';
import { type AuditEntry, chain, GENESIS } from './audit.ts';

/** How an attempt to append ended: `head` where the log had another head, and so nothing was written. */
export type Appended<T> = { head: string } | { result: T; written: boolean };

/**
 * The log's head as this process knows it. The attempts of one process take turns, as they need not race for it; where
 * another process was faster, the entries are chained anew.
 */
export function createAuditHead() {
  let head = GENESIS;
  let last: Promise<unknown> = Promise.resolve();

  function chainAll(entries: readonly AuditEntry[]): AuditArguments {
    let link = head;
    const chained = entries.map((entry) => {
      const next = chain(link, entry);
      link = next.hash;
      return next;
    });
    return { genesis: GENESIS, expectedHead: head, entries: chained };
  }

  async function untilWritten<T>(
    entries: readonly AuditEntry[],
    attempt: (audit: AuditArguments) => Promise<Appended<T>>,
  ): Promise<T> {
    for (;;) {
      const audit = chainAll(entries);
      const appended = await attempt(audit);
      if ('head' in appended) {
        head = appended.head;
        continue;
      }
      if (appended.written) head = audit.entries.at(-1)?.hash ?? head;
      return appended.result;
    }
  }

  return {
    /** Runs `attempt` until the head is the one that its entries are chained to. */
    append<T>(entries: readonly AuditEntry[], attempt: (audit: AuditArguments) => Promise<Appended<T>>): Promise<T> {
      const run = () => untilWritten(entries, attempt);
      const done = last.then(run, run);
      last = done.catch(() => undefined);
      return done;
    },
  };
}
