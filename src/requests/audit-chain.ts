import { z } from 'zod';
import { GENESIS, hashAfter, type TrimEntry } from './audit.ts';
import { isBefore, type LoggedEntry } from './audit-log.ts';
import { jsonOf } from './json-of.ts';

/** What the first entry that is left is chained to, and how many came before it. */
export interface Beginning {
  entries: number;
  head: string;
}

/** An entry at its place in the chain. */
export interface Link extends LoggedEntry {
  /** Counted from the log's very first entry, removed ones included; that one is 1. */
  position: number;
  /** What the entry says; undefined: it is nothing that opsbot writes. */
  content: Content | undefined;
}

/** What every entry has, and whatever else there may be in it. */
export type Content = { at: number; event: string } & Readonly<Record<string, unknown>>;

/** A place where the chain is wrong. */
export interface Flaw {
  /** 0, and neither id nor time, where it is about the log as a whole. */
  position: number;
  id?: string;
  /** ms since the epoch, as the entry says it. */
  at?: number | undefined;
  /** What is wrong, as the end of a sentence that begins with the entry (or the log). */
  what: string;
}

export interface ChainState {
  /** Of the last entry so far; as `beginning` says where there was none. */
  position: number;
  /** How many entries there were. */
  length: number;
  first: Link | undefined;
  last: Link | undefined;
  /** In the order of the log: what retention has removed so far. */
  trims: readonly TrimEntry[];
  /** The first in the order of the log. */
  flaw: Flaw | undefined;
  /** In all. */
  flaws: number;
}

/** The last moment that a Date can be. */
const LATEST = 8.64e15;
const HASH = /^[0-9a-f]{64}$/;
/** As long as entries are kept at least, in ms: a day (config-audit.ts). */
const LEAST_KEPT_MS = 86_400_000;

const trimEntry = z.object({
  at: z.number(),
  event: z.literal('audit-trimmed'),
  actor: z.literal('opsbot'),
  entries: z.number().int().positive(),
  head: z.string().regex(HASH),
  keepMs: z.number().min(LEAST_KEPT_MS),
});

/** The entry of retention that this text is, if it is one. */
export function trimIn(content: Content | undefined): TrimEntry | undefined {
  return content?.event === 'audit-trimmed' ? trimEntry.safeParse(content).data : undefined;
}

export function contentOf(text: string): Content | undefined {
  const parsed = jsonOf(text);
  return isContent(parsed) ? parsed : undefined;
}

function isContent(value: unknown): value is Content {
  if (typeof value !== 'object' || value === null || !('at' in value) || !('event' in value)) return false;
  return typeof value.event === 'string' && typeof value.at === 'number' && Math.abs(value.at) <= LATEST;
}

const BROKEN =
  'does not follow from the entry before it: it was changed or moved, or entries between the two were taken away';
const NO_BEGINNING =
  'is the first one left, but follows neither from the beginning of the log nor from where retention ended: it was changed, or those before it were taken away';
const PUT_IN = 'was put in there: the entry after it follows from the one before it';
const HASH_CHANGED = 'has another hash than the one it was written with; its text is as it was';
const NOT_OURS = 'is nothing that opsbot writes, though its hash fits: it was put in there';

/**
 * Follows the chain from its beginning, entry by entry, in the order of the log. Goes on after a flaw from what is
 * stored there, so that each is told once. `beginning` is undefined where nothing says what was before the first entry.
 */
export function createChain(beginning: Beginning | undefined) {
  const base = beginning?.entries ?? 0;
  /** What the next entry is chained to if all is well; undefined where nobody knows. */
  let head = beginning?.head;
  /** The same as of the entry before; and what the last hash would be by what was there. */
  let earlier: string | undefined;
  let computed: string | undefined;
  let first: Link | undefined;
  let last: Link | undefined;
  let position = base;
  const trims: TrimEntry[] = [];
  let flaw: Flaw | undefined;
  let flaws = 0;

  function note({ position, id, content }: Link, what: string): void {
    flaws += 1;
    flaw ??= { position, id, at: content?.at, what };
  }

  /** True where the entry goes on from one of those before it: which one says what is wrong there. */
  function goesOnFromElsewhere(link: Link): boolean {
    if (!last) return false;
    const follows = (from: string | undefined) => from !== undefined && hashAfter(from, link.entry) === link.hash;
    if (computed !== head && follows(computed)) {
      if (flaw?.position === last.position) flaw.what = HASH_CHANGED;
      return true;
    }
    if (computed !== head || !follows(earlier)) return false;
    note(last, PUT_IN);
    return true;
  }

  function judgeHash(link: Link, expected: string | undefined): void {
    if (link.entry === '') note(link, 'has no text: its field `entry` was taken away');
    else if (!HASH.test(link.hash)) note(link, 'has no hash: its field `hash` was taken away, or is none');
    else if (expected === undefined) note(link, NO_BEGINNING);
    else if (!goesOnFromElsewhere(link)) note(link, BROKEN);
  }

  function judgeContent(link: Link): void {
    const trim = trimIn(link.content);
    if (link.content?.event === 'audit-trimmed' ? !trim : !link.content) note(link, NOT_OURS);
    if (!trim) return;
    const what = beginning && trimProblem(trim, beginning, trims.at(-1));
    if (what) note(link, what);
    trims.push(trim);
  }

  return {
    take(logged: LoggedEntry): Link {
      position += 1;
      const link: Link = { ...logged, position, content: contentOf(logged.entry) };
      const expected = head === undefined ? undefined : hashAfter(head, link.entry);
      const fits = link.entry !== '' && link.hash === expected;
      if (!fits) judgeHash(link, expected);
      else if (last && !isBefore(last.id, link.id))
        note(link, 'is out of order: its id does not come after the one before');
      else judgeContent(link);
      earlier = head;
      head = HASH.test(link.hash) ? link.hash : (expected ?? hashAfter(GENESIS, link.entry));
      computed = fits ? head : expected;
      first ??= link;
      last = link;
      return link;
    },

    /** `head`: of the log, at the moment in which the last entry was its newest. */
    end(logHead: string): void {
      if (logHead === (head ?? GENESIS)) return;
      if (last)
        note(last, 'is the last one, but the log’s head names another: entries were taken off the end or put on it');
      else {
        flaws += 1;
        flaw ??= { position: 0, what: 'is empty, but has a head: all entries were taken away' };
      }
    },

    state: (): ChainState => ({ position, length: position - base, first, last, trims, flaw, flaws }),
  };
}

function trimProblem(trim: TrimEntry, { entries, head }: Beginning, before: TrimEntry | undefined): string | undefined {
  if (trim.entries > entries) return 'says that retention removed entries which are still there: it was put in there';
  const isAnother = trim.entries === entries && trim.head !== head;
  const isBackwards = before !== undefined && trim.entries <= before.entries;
  return isAnother || isBackwards ? 'says of retention what other entries contradict: it was put in there' : undefined;
}
