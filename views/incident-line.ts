import type { Incident } from '../src/incidents/incident.ts';
import { incidentMark, ownerName, troubleWords } from './incident-words.ts';
import { lasted, mention, when } from './text.ts';

/** An incident's headline, mrkdwn, below 900 characters: the message's text, and what a phone shows of it. */
export function incidentHeadline(incident: Incident, clusterShown: boolean): string {
  const name = ownerName(incident.owner, clusterShown ? incident.cluster : undefined);
  return `${incidentMark(incident)} ${name}: ${situation(incident)}`;
}

function situation(incident: Incident): string {
  const { state, cause } = incident;
  const trouble = incidentTrouble(incident);
  if (state === 'open' || cause === 'rolled-out') return trouble;
  if (state === 'recovering') return `looks over (${trouble})`;
  return `over ${lasted(lastedMs(incident))} (${trouble})`;
}

/** The leading trouble in a few words, with the pods that it hits; where it is over, with the most that it hit at once. */
export function incidentTrouble(incident: Incident): string {
  const { findings, kind, owner } = incident;
  return troubleWords(findings[0] ?? { kind, owner, pods: [] }, leadingCount(incident));
}

/** Pods that the leading trouble hits; where it is over, hit at most. Of one kind among several the most is not known. */
export function leadingCount({ findings, state, peak }: Incident): number {
  const [leading, ...others] = findings;
  if (leading === undefined) return peak;
  return state === 'open' || others.length > 0 ? leading.count : Math.max(leading.count, peak);
}

/** How long the trouble of this episode has lasted, in ms, as it was told in the thread. */
export function lastedMs({ notes, since, calmSince, resolvedAt }: Incident): number {
  const told = notes.findLast((note) => note.type === 'resolved' || note.type === 'reopened');
  return told?.type === 'resolved' ? told.afterMs : (calmSince ?? resolvedAt ?? since) - since;
}

/** One open incident on one line, for lists. Times are absolute: the line stays true however long it is looked at. */
export function incidentLine(incident: Incident, clusterShown: boolean): string {
  const { acknowledged, since } = incident;
  const who = acknowledged ? `, ${mention(acknowledged.user)} is on it` : '';
  return `${incidentHeadline(incident, clusterShown)}, since ${when(since)}${who}`;
}
