import type { AffectedPod, Finding, FindingKind, Owner } from '../../src/incidents/finding.ts';
import { CAUSE_OF, SEVERITY_OF } from '../../src/incidents/finding.ts';
import type { Incident, IncidentNote } from '../../src/incidents/incident.ts';
import { NOW } from './request-of.ts';

export { NOW } from './request-of.ts';

const MINUTE = 60_000;

export const WEB: Owner = { kind: 'Deployment', namespace: 'shop', name: 'web' };
export const NODE: Owner = { kind: 'Node', namespace: '', name: 'worker-3' };

export function podOf(name: string, change: Partial<AffectedPod> = {}): AffectedPod {
  return { name, node: 'worker-3', container: 'app', reason: 'CrashLoopBackOff', exitCode: 1, restarts: 7, ...change };
}

export function findingOf(kind: FindingKind = 'crash-loop', change: Partial<Finding> = {}): Finding {
  const since = NOW - 12 * MINUTE;
  return { kind, owner: WEB, since, at: since, count: 1, pods: [podOf('web-7d9f8-aaaaa')], labels: {}, ...change };
}

/** An open incident of one finding, noticed at once, that nobody cares for yet. */
export function incidentOf(change: Partial<Incident> = {}): Incident {
  const leading = change.findings?.[0] ?? findingOf(change.kind);
  const { kind, owner, since, count } = leading;
  return {
    id: 'i-k7m2q',
    version: 1,
    cluster: 'east',
    cause: CAUSE_OF[kind],
    owner,
    state: 'open',
    kind,
    severity: SEVERITY_OF[kind],
    findings: [leading],
    peak: count,
    episode: 1,
    since,
    noticedAt: since,
    late: undefined,
    calmSince: undefined,
    resolvedAt: undefined,
    channel: 'CALERTS',
    acknowledged: undefined,
    silence: undefined,
    diagnosis: { state: 'none' },
    notes: [],
    ...change,
  };
}

/** A note before it has its number. */
export type Untold = IncidentNote extends infer Note
  ? Note extends IncidentNote
    ? Omit<Note, 'seq' | 'at'>
    : never
  : never;

/** The notes numbered as they come, a second apart. */
export function notesOf(...notes: Untold[]): IncidentNote[] {
  return notes.map((note, index) => ({ ...note, seq: index + 1, at: NOW - MINUTE + index * 1000 }) as IncidentNote);
}

export const DIAGNOSED: Untold = {
  type: 'evidence',
  diagnosis: {
    facts: [
      { label: 'Exit code', text: '1 (Error)' },
      { label: 'Rollout', text: 'web:1.4 → web:1.5, 3 min before' },
    ],
    log: { pod: 'web-7d9f8-aaaaa', container: 'app', previous: true, text: 'starting\npanic: no config\n' },
  },
};
