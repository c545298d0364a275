import { Button, Section } from 'slack-block-builder';
import type { Incident, Silence } from '../src/incidents/incident.ts';
import { encodeSilenced, IDS } from './ids.ts';
import { incidentLine } from './incident-line.ts';
import { ownerName } from './incident-words.ts';
import { packed } from './pack.ts';
import { mention, when } from './text.ts';

export interface HomeIncidents {
  /** Not resolved, the gravest first. */
  open: readonly Incident[];
  /** Addresses of the messages that show them, by the incident's id; of those that have one yet. */
  links: ReadonlyMap<string, string>;
  silences: readonly Silence[];
  /** ms since the epoch until which an agent has told how the cluster is; undefined: none ever has. */
  watchedUntil: number | undefined;
}

export const INCIDENTS_SHOWN = 10;

/**
 * A quiet API server gives a sign of life about once a minute, and an agent that died is replaced within 15 s; after this
 * time, in ms, nobody watches.
 */
const UNWATCHED_MS = 120_000;

/** Whether anybody would hear of trouble. */
export function watchLine(incidents: HomeIncidents | 'off', now: number): string {
  if (incidents === 'off') {
    return 'Alerts are off: no channel is set for them (`channels.alerts` in the configuration).';
  }
  const { watchedUntil } = incidents;
  if (watchedUntil === undefined) return ':warning: Alerts are on, but no agent has reported yet.';
  if (now - watchedUntil <= UNWATCHED_MS) return 'Alerts are on.';
  return `:warning: Alerts are on, but no agent has reported since ${when(watchedUntil)}: later trouble is not seen.`;
}

/** `cluster`: the one that need not be named. */
export function incidentBlocks({ open, links }: Pick<HomeIncidents, 'open' | 'links'>, cluster: string) {
  return packed(
    open.slice(0, INCIDENTS_SHOWN).map((incident) => {
      const line = incidentLine(incident, incident.cluster !== cluster);
      const link = links.get(incident.id);
      return link === undefined ? line : `${line} · <${link}|Open>`;
    }),
  );
}

export function silenceBlocks(silences: readonly Silence[], cluster: string) {
  return silences.map((silence) => {
    const name = ownerName(silence.owner, silence.cluster === cluster ? undefined : silence.cluster);
    const value = encodeSilenced({ cluster: silence.cluster, ...silence.owner });
    const text = `${name}\nUntil ${when(silence.until)}, by ${mention(silence.by)}`;
    return Section({ text }).accessory(Button({ text: 'End', actionId: IDS.home.endSilence, value }));
  });
}
