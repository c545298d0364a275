import type { HistoryList } from '../../views/history.ts';
import { HISTORY_ROWS } from '../../views/history.ts';
import { durationSeconds } from '../actions/input-schemas.ts';
import { nearNames } from '../kubernetes/search-snapshot.ts';
import { ABOUT, type HistoryFilter, OUTCOMES } from '../requests/history-filter.ts';
import type { HistoryRow } from '../requests/history-rows.ts';
import { type HistoryAsked, historyLine } from './command-history.ts';
import type { FrontDesk } from './front-desk.ts';
import { encodePlace, type HistoryPlace, newerPlace, olderPlace } from './history-place.ts';
import { incidentLink, permalink } from './permalink.ts';

const DEFAULT_COUNT = 10;

/** What a typed line asks for. UnavailableError where Redis is away. */
export async function historyFor(front: FrontDesk, asked: HistoryAsked): Promise<HistoryList> {
  const { count = DEFAULT_COUNT, since, ...narrow } = asked;
  const seconds = since === undefined ? undefined : durationSeconds(since);
  const filter = { ...narrow, ...(seconds !== undefined && { since: Math.max(0, front.now() - seconds * 1000) }) };
  const list = await historyList(front, { filter, count: Math.min(count, HISTORY_ROWS), begins: [] });
  return { ...list, suggestion: suggestionFor(front, asked) };
}

export function newestPlace(filter: HistoryFilter): HistoryPlace {
  return { filter, count: DEFAULT_COUNT, begins: [] };
}

/** One page of history, ready to be shown. UnavailableError where Redis is away. */
export async function historyList(front: FrontDesk, place: HistoryPlace): Promise<HistoryList> {
  const { filter, count, begins } = place;
  const page = await front.history.page({ filter, before: begins.at(-1), count });
  const { rows, older, lookedBackTo, unreadable } = page;
  const [names, links] = await Promise.all([namesFor(front, rows, filter), linksFor(front, rows)]);
  const newer = newerPlace(place);
  return {
    ...{ rows, filter, lookedBackTo, unreadable, cluster: front.cluster },
    headline: ({ action, input, target, diff }) => {
      // The log is no more to be trusted than a stranger; a headline that cannot be made falls back to plain words.
      const plan = target && ({ input, target, diff } as Parameters<FrontDesk['headline']>[0]['plan']);
      return front.headline({ action, input, plan });
    },
    nameOf: (user, row) => names.get(user) ?? row?.people?.[user]?.name ?? user,
    linkTo: (row) => links.get(row),
    older: older === undefined ? undefined : encodePlace(olderPlace(place, older)),
    newer: newer && encodePlace(newer),
  };
}

async function namesFor({ people }: FrontDesk, rows: readonly HistoryRow[], { by }: HistoryFilter) {
  const users = new Set(rows.flatMap(usersIn));
  if (by !== undefined) users.add(by);
  return new Map(await Promise.all([...users].map(async (user) => [user, await people.nameOf(user)] as const)));
}

function usersIn(row: HistoryRow): string[] {
  if (row.kind === 'incident') return [row.user];
  return [row.requester, ...row.approvers.slice(0, 3), ...(row.endedBy === undefined ? [] : [row.endedBy])];
}

async function linksFor(front: FrontDesk, rows: readonly HistoryRow[]): Promise<Map<HistoryRow, string>> {
  const found = await Promise.all(rows.map(async (row) => [row, await linkTo(front, row)] as const));
  return new Map(found.flatMap(([row, link]) => (link === undefined ? [] : [[row, link] as const])));
}

async function linkTo(front: FrontDesk, row: HistoryRow): Promise<string | undefined> {
  if (row.kind === 'incident') return row.incident === undefined ? undefined : incidentLink(front, row.incident);
  if (row.shownAt) return permalink(front, row.shownAt.channel, row.shownAt.ts);
  const surface = await front.surfaces.get(row.id);
  const ts = surface?.thread ?? surface?.cards.at(-1)?.ts;
  return surface && ts !== undefined ? permalink(front, surface.channel, ts) : undefined;
}

/** `history scael` looks for a workload of that name; where there is none, something else was meant. */
function suggestionFor({ actions, off }: FrontDesk, asked: HistoryAsked): string | undefined {
  const { name, kind, namespace, ...rest } = asked;
  if (name === undefined || kind !== undefined) return undefined;
  const words = [...actions.map((action) => action.name), ...off, ...Object.values(ABOUT), ...OUTCOMES];
  const near = nearNames(words, name, 1)[0];
  if (near !== undefined) return `${historyLine({ ...rest, namespace })} ${near}`;
  return namespace === undefined ? historyLine({ ...rest, namespace: name }) : undefined;
}
