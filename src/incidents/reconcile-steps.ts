import { isDeepStrictEqual } from 'node:util';
import { CAUSE_OF, type Finding, ownerKey, type Picture, SEVERITY_OF } from './finding.ts';
import { calmedAt, isActive, leadingFirst, looksTheSame } from './findings-of.ts';
import { type Group, mayExplain } from './group-findings.ts';
import type { Incident, IncidentSettings, Silence } from './incident.ts';
import { withNote } from './incident-changes.ts';

/** The steps of one incident. Each gives the incident itself where nothing changes; the version stays to the caller. */
interface Circumstances {
  picture: Picture;
  silences: readonly Silence[];
  settings: IncidentSettings;
  now: number;
  newId: () => string;
}

/** A crashing container runs for seconds between two crashes: so long nobody says that it looks over; ms. */
const SETTLES_MS = 30_000;

/** A pause in watching that is no longer than this is a hand-over from one agent to another, in ms. */
const HAND_OVER_MS = 30_000;
/** The cluster's stamps are whole seconds: what one says happened up to so much later, in ms. */
const STAMP_MS = 1_000;

/** The latest that the agent knows of its findings: what is gone from them was gone by then. */
const seenAt = ({ asOf, changedAt }: Picture) => Math.max(asOf, changedAt);

/** What is over already begins as recovering: it is told once, and is not red for long. */
export function opened(channel: string, group: Group, circumstances: Circumstances): Incident {
  const { picture, now, newId } = circumstances;
  const incident: Incident = {
    id: newId(),
    version: 0,
    cluster: picture.cluster,
    cause: group.cause,
    owner: group.owner,
    ...outbreak(group.findings, Math.min(...group.findings.map(({ since }) => since)), circumstances),
    episode: 1,
    resolvedAt: undefined,
    channel,
    acknowledged: undefined,
    silence: undefined,
    diagnosis: { state: 'wanted', since: now },
    notes: [],
  };
  return withSilence(incident, circumstances);
}

/** A relapse: the same incident, its next episode. `unknown`: those of the findings that are new. */
export function reopened(
  incident: Incident,
  findings: readonly Finding[],
  unknown: readonly Finding[],
  circumstances: Circumstances,
): Incident {
  const { picture, now } = circumstances;
  const episode = incident.episode + 1;
  const calmSince = incident.calmSince ?? 0;
  const began = ({ since, at }: Finding) => [since, at].find((time) => time > calmSince) ?? seenAt(picture);
  const again: Incident = {
    ...incident,
    ...outbreak(findings, Math.min(...unknown.map(began)), circumstances),
    episode,
    resolvedAt: undefined,
    acknowledged: undefined,
    silence: undefined,
    diagnosis: { state: 'wanted', since: now },
  };
  const finding = leadingFirst(unknown)[0] as Finding;
  return withSilence(withNote(again, { type: 'reopened', finding, episode }, now), circumstances);
}

/** What an episode is at its beginning. */
function outbreak(found: readonly Finding[], began: number, { picture, now }: Circumstances) {
  const findings = leadingFirst(found);
  const { kind } = findings[0] as Finding;
  const since = Math.min(began, now);
  const calm = findings.map(({ calmSince = 0 }) => Math.min(calmSince, seenAt(picture)));
  const isOver = !findings.some(isActive);
  return {
    state: isOver ? ('recovering' as const) : ('open' as const),
    kind,
    severity: SEVERITY_OF[kind],
    findings,
    peak: peakOf(findings),
    since,
    noticedAt: now,
    late: lateness(began, picture),
    calmSince: isOver ? Math.max(...calm) : undefined,
  };
}

function lateness(since: number, { watchingSince, watchedUntil }: Picture): Incident['late'] {
  if (since + STAMP_MS > watchingSince) return undefined;
  const wasWatched =
    watchedUntil !== undefined && (since <= watchedUntil || watchingSince - watchedUntil <= HAND_OVER_MS);
  return wasWatched ? undefined : { from: watchedUntil, to: watchingSince };
}

/** The most pods that one kind of trouble hits now. */
function peakOf(findings: readonly Finding[]): number {
  const active = findings.filter(isActive);
  return Math.max(0, ...(active.length > 0 ? active : findings).map(({ count }) => count));
}

/** An unresolved incident after a picture with these findings. */
export function followed(incident: Incident, found: readonly Finding[], circumstances: Circumstances): Incident {
  const { now } = circumstances;
  const after = found.some(isActive)
    ? whileActive(incident, leadingFirst(found))
    : whileCalm(incident, leadingFirst(found), circumstances);
  const news = further(incident, found);
  const noted = news.reduce((before, finding) => withNote(before, { type: 'joined', finding }, now), after);
  // What was found out before does not say why.
  if (!news.some(({ kind }) => mayExplain(CAUSE_OF[kind], incident))) return noted;
  return { ...noted, diagnosis: { state: 'wanted', since: now } };
}

function whileActive(incident: Incident, found: readonly Finding[]): Incident {
  const { kind } = found[0] as Finding;
  return changed(incident, {
    state: 'open',
    kind,
    severity: SEVERITY_OF[kind],
    findings: found,
    peak: Math.max(incident.peak, peakOf(found)),
    calmSince: undefined,
  });
}

/** Nothing lasts any more: what is not told any more stays as it was last. */
function whileCalm(incident: Incident, told: readonly Finding[], { picture, settings }: Circumstances): Incident {
  const seen = seenAt(picture);
  const toldOf = ({ kind }: Finding) => told.find((finding) => finding.kind === kind);
  const isNew = (finding: Finding) => !incident.findings.some(({ kind }) => kind === finding.kind);
  const times = [
    // The clock of the agent may have been put back, or be another's by now.
    ...(incident.calmSince === undefined ? [] : [Math.min(incident.calmSince, seen)]),
    ...incident.findings.flatMap((before) => newlyCalm(incident, before, toldOf(before), seen)),
    ...told.filter(isNew).map(({ calmSince = seen }) => Math.min(calmSince, seen)),
  ];
  const calmSince = times.length > 0 ? Math.max(...times) : seen;
  const settlesMs = Math.min(SETTLES_MS, settings.quietMs / 4);
  if (incident.state === 'open' && picture.asOf - calmSince < settlesMs) {
    return changed(incident, { findings: [...incident.findings, ...told.filter(isNew)], calmSince });
  }
  return changed(incident, {
    state: 'recovering',
    findings: [...incident.findings.map((before) => toldOf(before) ?? before), ...told.filter(isNew)],
    calmSince,
  });
}

function newlyCalm({ calmSince }: Incident, before: Finding, told: Finding | undefined, seen: number): number[] {
  if (isActive(before) && calmSince === undefined) return [calmedAt(before, told, seen)];
  if (told?.calmSince === undefined || (told.calmSince === before.calmSince && told.at === before.at)) return [];
  return [Math.min(told.calmSince, seen)];
}

/** The incident itself where people would see no difference. */
function changed(incident: Incident, facts: Partial<Incident> & Pick<Incident, 'findings'>): Incident {
  const findings = looksTheSame(incident.findings, facts.findings) ? incident.findings : facts.findings;
  const after = { ...incident, ...facts, findings };
  return isDeepStrictEqual(after, incident) ? incident : after;
}

/** Kinds that this episode did not have yet, and that its thread was not told of. */
function further({ findings, notes }: Incident, found: readonly Finding[]): Finding[] {
  const ofEpisode = notes.slice(notes.findLastIndex(({ type }) => type === 'reopened') + 1);
  const told = new Set([
    ...findings.map(({ kind }) => kind),
    ...ofEpisode.map((note) => (note.type === 'joined' ? note.finding.kind : undefined)),
  ]);
  return leadingFirst(found).filter(({ kind }) => !told.has(kind));
}

/** Over for long enough by the agent's clock: resolved. */
export function settled(incident: Incident, { picture, settings, now }: Circumstances): Incident {
  const { state, calmSince, since } = incident;
  if (state !== 'recovering' || calmSince === undefined) return incident;
  if (picture.asOf - calmSince < settings.quietMs) return incident;
  const resolved: Incident = { ...incident, state: 'resolved', resolvedAt: picture.asOf };
  return withNote(resolved, { type: 'resolved', afterMs: Math.max(0, calmSince - since) }, now);
}

/** What the list of silences says of the owner; without an entry there that lasts, a silence is over. */
export function withSilence(incident: Incident, { silences, now }: Circumstances): Incident {
  const key = ownerKey(incident.owner);
  const listed = silences
    .filter(({ cluster, owner, until }) => cluster === incident.cluster && ownerKey(owner) === key && until > now)
    .toSorted((a, b) => b.until - a.until)[0];
  const { silence } = incident;
  if (listed) {
    if (silence?.until === listed.until && silence.by === listed.by) return incident;
    return { ...incident, silence: { until: listed.until, by: listed.by } };
  }
  if (!silence) return incident;
  return withNote({ ...incident, silence: undefined }, { type: 'unsilenced', user: undefined }, now);
}
