import type { Diagnosis } from './diagnosis.ts';
import type { Incident, IncidentNote } from './incident.ts';

/** `refused`: a sentence for the person. */
export type IncidentStep = { incident: Incident; refused?: undefined } | { refused: string };

/** The thread's story in the store; older notes are in the thread. */
const NOTES_KEPT = 50;
/** Evidence is long; older ones are in the thread. */
const EVIDENCE_KEPT = 3;

type NewNote = IncidentNote extends infer Note ? (Note extends IncidentNote ? Omit<Note, 'seq' | 'at'> : never) : never;

/** The incident with one more note. The version stays. */
export function withNote(incident: Incident, note: NewNote, now: number): Incident {
  const seq = (incident.notes.at(-1)?.seq ?? 0) + 1;
  return { ...incident, notes: thinned([...incident.notes, { seq, at: now, ...note } as IncidentNote]) };
}

/** The latest note about a rollout stays in any case: by it the same rollout is known again. */
function thinned(notes: readonly IncidentNote[]): IncidentNote[] {
  const tooOld = new Set(notes.filter(({ type }) => type === 'evidence').slice(0, -EVIDENCE_KEPT));
  const kept = notes.filter((note) => !tooOld.has(note));
  const rollout = kept.findLast(({ type }) => type === 'rolled-out');
  while (kept.length > NOTES_KEPT) kept.splice(kept[0] === rollout ? 1 : 0, 1);
  return kept;
}

/** “I'm on it”, in place of whoever was. */
export function acknowledge(incident: Incident, user: string, now: number): IncidentStep {
  if (incident.state === 'resolved') return { refused: 'This is over already; nobody has to be on it.' };
  if (incident.acknowledged?.user === user) return { refused: 'You are on it already.' };
  const acknowledged = { ...incident, acknowledged: { user, at: now } };
  return { incident: next(withNote(acknowledged, { type: 'acknowledged', user }, now)) };
}

/** `until`: ms since the epoch. One that is silenced already is silenced anew, for longer or for less. */
export function silence(incident: Incident, by: { user: string; until: number }, now: number): IncidentStep {
  const { user, until } = by;
  if (!(until > now)) return { refused: 'That time is over already; choose a later one.' };
  if (incident.silence?.until === until && incident.silence.by === user) {
    return { refused: 'You have silenced it until then already.' };
  }
  const silenced = { ...incident, silence: { until, by: user } };
  return { incident: next(withNote(silenced, { type: 'silenced', user, until }, now)) };
}

export function endSilence(incident: Incident, user: string, now: number): IncidentStep {
  if (!incident.silence) return { refused: 'This is not silenced.' };
  return { incident: next(withNote({ ...incident, silence: undefined }, { type: 'unsilenced', user }, now)) };
}

/** `since`: when it was asked for. Undefined where nobody waits for it any more: it was answered, or asked anew. */
export function addEvidence(
  incident: Incident,
  since: number,
  diagnosis: Diagnosis,
  now: number,
): Incident | undefined {
  if (incident.diagnosis.state !== 'wanted' || incident.diagnosis.since !== since) return undefined;
  return next(withNote({ ...incident, diagnosis: { state: 'done' } }, { type: 'evidence', diagnosis }, now));
}

/** Undefined where no evidence was waited for. */
export function giveUpDiagnosis(incident: Incident): Incident | undefined {
  return incident.diagnosis.state === 'wanted' ? next({ ...incident, diagnosis: { state: 'failed' } }) : undefined;
}

function next(incident: Incident): Incident {
  return { ...incident, version: incident.version + 1 };
}
