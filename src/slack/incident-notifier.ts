import { incidentMessage } from '../../views/incident.ts';
import { noteMessage } from '../../views/incident-note.ts';
import { stormMessage } from '../../views/incident-storm.ts';
import { shortfallOf } from '../../views/shortfall.ts';
import type { Action } from '../actions/action.ts';
import { SEVERITY_OF } from '../incidents/finding.ts';
import type { Incident, IncidentNote, Storm } from '../incidents/incident.ts';
import type { IncidentNotifier } from '../incidents/incidents.ts';
import { MEMBERS_KEPT } from '../incidents/storm.ts';
import type { SnapshotReader } from '../kubernetes/snapshot-reader.ts';
import { type IncidentShowingDependencies, openShowing } from './incident-showing.ts';
import { type Reply, showNext } from './incident-steps.ts';
import { createTurns } from './turns.ts';

export interface IncidentNotifierDependencies extends IncidentShowingDependencies {
  actions: readonly Action[];
  snapshot: Pick<SnapshotReader, 'read'>;
  /** The cluster that this process serves: it need not be named, and only there can something be done. */
  cluster: string;
  /** How long trouble has to look over before it is called over, in ms. */
  quietMs: number;
}

/**
 * Shows incidents and storms, one step a call: the root message first, then the thread's next note. Errors: RateLimited
 * and UnavailableError, to be tried again. What Slack refuses for good is logged.
 */
export function createIncidentNotifier(deps: IncidentNotifierDependencies): IncidentNotifier {
  const inTurn = createTurns();
  return {
    show: (incident) => inTurn(incident.id, () => showIncident(deps, incident)),
    showStorm: (storm, members) => inTurn(storm.id, () => showStorm(deps, storm, members)),
  };
}

async function showIncident(deps: IncidentNotifierDependencies, incident: Incident): Promise<'more' | 'done'> {
  const { id, channel, episode, notes } = incident;
  const now = deps.now();
  const showing = await openShowing(deps, { id, channel, episode });
  const { ts, posting, told } = showing.surface;
  const isSilent = incident.silence !== undefined && incident.silence.until > now;
  if (isSilent && ts === undefined && posting === undefined) return 'done';
  const isHere = incident.cluster === deps.cluster;
  const root = incidentMessage({
    incident,
    now,
    clusterShown: !isHere,
    actions: isHere ? await workingFor(deps, incident) : [],
    quietMs: deps.quietMs,
  });
  // A new root message says itself that the trouble is back; what was told before is another message's thread.
  const begin = ts === undefined ? Math.max(told, notes.findLast(({ type }) => type === 'reopened')?.seq ?? 0) : told;
  return showNext(showing, {
    root,
    isOver: incident.state === 'resolved',
    told: begin,
    replies: notes.filter(({ seq }) => seq > begin).flatMap((note) => replyOf(note, incident, isSilent)),
    last: notes.at(-1)?.seq ?? 0,
  });
}

/** Without what is off in its namespace; where there is no picture, nothing is known to be. */
async function workingFor({ actions, snapshot }: IncidentNotifierDependencies, { owner }: Incident) {
  const { shortfalls } = await snapshot.read().catch(() => ({ shortfalls: undefined }));
  return actions.filter(({ name }) => shortfallOf(shortfalls, name, owner.namespace) === undefined);
}

/** What is told although nobody wants to hear of it: that this is so, and that it is over. */
const TOLD_IN_SILENCE: ReadonlySet<IncidentNote['type']> = new Set(['silenced', 'unsilenced', 'resolved']);

function replyOf(note: IncidentNote, incident: Incident, isSilent: boolean): Reply[] {
  if (isSilent && !TOLD_IN_SILENCE.has(note.type)) return [];
  const message = noteMessage(note, incident);
  return message ? [{ seq: note.seq, at: note.at, message, isForAll: isForAll(note, incident) }] : [];
}

/** ms */
const RELAPSES_APART_MS = 3_600_000;

/**
 * A reply is news only to those who follow its thread, and the root may be far up. So a critical relapse is shown in the
 * channel too; one that comes within an hour of the last is not, else what comes and goes all night would fill it.
 */
function isForAll(note: IncidentNote, { notes }: Incident): boolean {
  if (note.type !== 'reopened' || SEVERITY_OF[note.finding.kind] !== 'critical') return false;
  const last = notes.findLast(({ type, seq }) => type === 'reopened' && seq < note.seq);
  return last === undefined || note.at - last.at >= RELAPSES_APART_MS;
}

async function showStorm(
  deps: IncidentNotifierDependencies,
  storm: Storm,
  members: readonly Incident[],
): Promise<'more' | 'done'> {
  const showing = await openShowing(deps, { id: storm.id, channel: storm.channel, episode: 1 });
  const root = stormMessage({
    storm,
    members,
    mayBeMore: storm.members.length >= MEMBERS_KEPT,
    clusterShown: ({ cluster }) => cluster !== deps.cluster,
  });
  return showNext(showing, { root, isOver: storm.endedAt !== undefined, told: 0, replies: [], last: 0 });
}
