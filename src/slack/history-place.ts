import { z } from 'zod';
import { HISTORY_ROWS } from '../../views/history.ts';
import { parseJson } from '../../views/ids.ts';
import { HistoryFilter } from '../requests/history-filter.ts';

/** Pages behind that a button remembers; beyond them *Newer* leads to the newest. Slack takes 2,000 characters. */
const REMEMBERED = 30;

/** Which page of history. */
const HistoryPlace = z.object({
  filter: HistoryFilter,
  count: z.number().int().min(1).max(HISTORY_ROWS),
  /** Where this page and those before it began; empty for the newest. */
  begins: z.array(z.string().regex(/^\d{1,16}-\d{1,12}$/)).max(REMEMBERED),
});
export type HistoryPlace = z.infer<typeof HistoryPlace>;

/** The value of a button that leads there. */
export function encodePlace({ filter, count, begins }: HistoryPlace): string {
  return JSON.stringify({ filter, count, begins: begins.slice(-REMEMBERED) });
}

/** Undefined for what is none of ours. */
export function decodePlace(value: unknown): HistoryPlace | undefined {
  return HistoryPlace.safeParse(parseJson(value)).data;
}

export function olderPlace(place: HistoryPlace, begin: string): HistoryPlace {
  return { ...place, begins: [...place.begins, begin] };
}

/** Undefined where there is nothing newer. */
export function newerPlace(place: HistoryPlace): HistoryPlace | undefined {
  return place.begins.length === 0 ? undefined : { ...place, begins: place.begins.slice(0, -1) };
}
