import type { TrafficEntry } from '../../../wire.ts';

/** What of the traffic one wants to see. Uploads and response_urls are calls, too. */
export interface TrafficFilter {
  text: string;
  calls: boolean;
  envelopes: boolean;
  errorsOnly: boolean;
}

export const EVERYTHING: TrafficFilter = { text: '', calls: true, envelopes: true, errorsOnly: false };

export const isEnvelope = ({ kind }: Pick<TrafficEntry, 'kind'>): boolean => kind === 'envelope';

/** What passes the filter, in the order in which it began: an envelope stands before the calls that it led to. */
export function filterTraffic(entries: readonly TrafficEntry[], filter: TrafficFilter): TrafficEntry[] {
  const typed = filter.text.trim().toLowerCase();
  return entries
    .filter((entry) => (isEnvelope(entry) ? filter.envelopes : filter.calls))
    .filter(({ error }) => !filter.errorsOnly || error !== undefined)
    .filter(({ name, about, error = '' }) => [name, about, error].some((part) => part.toLowerCase().includes(typed)))
    .sort((a, b) => a.at - b.at || a.id - b.id);
}
