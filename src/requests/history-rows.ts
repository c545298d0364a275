import { z } from 'zod';
import { momentOf } from './audit-log.ts';
import type { IncidentEntry, ReadEntry, RequestEntry } from './history-entry.ts';
import {
  asksForSubject,
  fitsIncident,
  fitsRequest,
  fitsSubject,
  type HistoryFilter,
  type Subject,
} from './history-filter.ts';
import type { Identities } from './person.ts';
import { isTerminal, type Request } from './request.ts';

/** One request, as it ended or as it stands. */
export interface RequestRow
  extends Pick<Request, 'id' | 'state' | 'effect' | 'cluster' | 'action' | 'requester' | 'requirement' | 'waitingFor'> {
  kind: 'request';
  /** Id of the entry that it is told at: where the page after it begins. */
  at: string;
  /** ms since the epoch: when it ended; of one that is open, when it was asked. */
  when: number;
  input: unknown;
  /** Absent until there is a plan. */
  target: Subject | undefined;
  diff: { field: string; before: string; after: string }[];
  /** Slack ids of those whose votes counted in the end. */
  approvers: string[];
  /** The requester's words. */
  reason: string | undefined;
  /** Whose decision ended it, where a person's did: who rejected, cancelled, or said how it went. */
  endedBy: string | undefined;
  /** Why it ended like that, as the log has it. */
  why: string | undefined;
  /** What people were called when they did it, as far as the log knows. */
  people: Identities | undefined;
  /** The message that shows it, as far as the log knows. */
  shownAt: ShownAt | undefined;
}

export interface ShownAt {
  channel: string;
  /** Of the thread's first message where it is in one. */
  ts: string;
}

/** What somebody decided about an incident. */
export interface IncidentRow extends Omit<IncidentEntry, 'at' | 'actor'> {
  kind: 'incident';
  /** As of a request. */
  at: string;
  when: number;
  user: string;
}

export type HistoryRow = RequestRow | IncidentRow;

interface Draft {
  row: RequestRow;
  revision: number;
  votesKnown: boolean;
}

/**
 * Folds the audit log, newest entry first, into rows. A request that is over is told at the entry that ended it, one that
 * is open at the entry that asked for it: both are the only ones of their kind, so that nothing has to be remembered from
 * one page to the next. The entries before complete the row: who approved, why it was asked.
 */
export function createHistoryRows(filter: HistoryFilter) {
  const rows: HistoryRow[] = [];
  /** Requests whose end was met and whose beginning was not yet. */
  const drafts = new Map<string, Draft>();
  let unreadable = 0;
  /** The reading is beyond `since`: what was begun is completed, nothing else begins. */
  let isPast = false;

  function begin(at: string, entry: RequestEntry): void {
    const row = rowOf(at, entry);
    if (!fitsRequest(filter, row)) return;
    if (row.target && !fitsSubject(filter, row.target)) return;
    const draft = { row, revision: entry.revision, votesKnown: false };
    drafts.set(entry.request, draft);
    rows.push(row);
    absorb(draft, entry);
  }

  function absorb(draft: Draft, entry: RequestEntry): void {
    const { row } = draft;
    if (entry.votes && !draft.votesKnown && entry.revision === draft.revision) {
      row.approvers = [...new Set(entry.votes.map((vote) => vote.user))];
      draft.votesKnown = true;
    }
    if (entry.event !== 'asked') return;
    row.input = entry.input;
    row.reason = entry.reason;
    drafts.delete(row.id);
    // Without a plan only the beginning says what it was about.
    if (!row.target && !fitsSubject(filter, subjectIn(entry.input))) rows.splice(rows.indexOf(row), 1);
  }

  function addOpen(at: string, request: Request): void {
    const row = openRow(at, request);
    if (fitsRequest(filter, row) && fitsSubject(filter, row.target ?? subjectIn(row.input))) rows.push(row);
  }

  function takeRequest(at: string, entry: RequestEntry, open: ReadonlyMap<string, Request>): void {
    const draft = drafts.get(entry.request);
    const asked = entry.event === 'asked' ? open.get(entry.request) : undefined;
    if (draft) absorb(draft, entry);
    else if (isPast) return;
    else if (isTerminal(entry.to)) begin(at, entry);
    else if (asked) addOpen(at, asked);
  }

  function takeIncident(at: string, { at: when, actor, ...entry }: IncidentEntry): void {
    if (isPast || !fitsIncident(filter, actor.user) || !fitsSubject(filter, entry.owner)) return;
    rows.push({ ...entry, kind: 'incident', at, when, user: actor.user });
  }

  function isDraft(row: HistoryRow): boolean {
    return row.kind === 'request' && drafts.get(row.id)?.row === row;
  }

  return {
    rows,
    /** Entries that could not be read. */
    unreadable: () => unreadable,
    /** The next entry, by the stream's id; `open`: requests that are not over. */
    take(id: string, read: ReadEntry, open: ReadonlyMap<string, Request>): void {
      isPast = momentOf(id) < (filter.since ?? 0);
      if (read.kind === 'unreadable') unreadable += 1;
      if (read.kind === 'request') takeRequest(id, read.entry, open);
      if (read.kind === 'incident') takeIncident(id, read.entry);
    },
    /** Whether no further entry can change the first `count` rows, and it is known if there are more. */
    isEnough(count: number): boolean {
      if (isPast) return drafts.size === 0;
      return rows.length > count && !rows.slice(0, count).some(isDraft);
    },
    /** There are no more entries: what may or may not fit the filter is left out. */
    settle(): void {
      if (!asksForSubject(filter)) return;
      const sure = rows.filter((row) => !isDraft(row) || (row.kind === 'request' && row.target));
      rows.splice(0, rows.length, ...sure);
    },
  };
}

function rowOf(at: string, entry: RequestEntry): RequestRow {
  const { request: id, to: state, effect, cluster, action, requester, target, diff = [], actor, event } = entry;
  const isPersons = event === 'rejected' || event === 'cancelled' || event === 'settled';
  return {
    kind: 'request',
    ...{ at, when: entry.at, id, state, effect, cluster, action, requester, target, diff },
    requirement: undefined,
    waitingFor: undefined,
    input: entry.input,
    approvers: [],
    reason: undefined,
    endedBy: isPersons && typeof actor === 'object' ? actor.user : undefined,
    why: whyOf(entry),
    people: entry.people,
    shownAt: shownAt(entry),
  };
}

function shownAt({ surfaces }: RequestEntry): ShownAt | undefined {
  const newest = surfaces?.at(-1);
  return newest && { channel: newest.channel, ts: newest.thread ?? newest.ts };
}

/** A success needs no words. */
function whyOf({ event, reason, outcome, error }: RequestEntry): string | undefined {
  if (event === 'asked') return undefined;
  return error?.message ?? (outcome && outcome.result !== 'succeeded' ? outcome.text : reason);
}

function openRow(at: string, request: Request): RequestRow {
  const { id, state, effect, cluster, action, requester, requirement, waitingFor, input, reason, plan } = request;
  const votes = request.votes.filter(({ revision }) => revision === request.revision);
  return {
    kind: 'request',
    ...{ at, when: request.createdAt, id, state, effect, cluster, action, requester, requirement, waitingFor },
    ...{ input, reason, target: plan?.target, diff: plan?.diff ?? [] },
    approvers: votes.map(({ user }) => user),
    endedBy: undefined,
    why: undefined,
    people: request.people,
    shownAt: undefined,
  };
}

const Named = z.object({ kind: z.string().optional(), namespace: z.string().optional(), name: z.string().optional() });
const Wanted = z.object({
  namespace: z.string().optional(),
  pod: z.string().optional(),
  workload: Named.optional(),
});

/** What an input is about, as far as it says. */
function subjectIn(input: unknown): Subject {
  const { namespace, pod, workload } = Wanted.safeParse(input).data ?? {};
  if (workload) return { ...workload, namespace: workload.namespace ?? namespace };
  return pod === undefined ? { namespace } : { kind: 'Pod', namespace, name: pod };
}
