import { CAUSE_OF, type Cause, type Finding, type Owner, ownerKey } from './finding.ts';
import { isActive } from './findings-of.ts';
import type { Incident, IncidentSettings } from './incident.ts';
import { route } from './routing.ts';

/** What is found of one cause and owner, with what follows from it, and the latest incident there was of them. */
export interface Group {
  cause: Cause;
  owner: Owner;
  findings: readonly Finding[];
  incident: Incident | undefined;
}

/** Trouble that follows from other trouble of the same owner joins its incident. The gravest first. */
const FOLLOWS_FROM: Partial<Record<Cause, readonly Cause[]>> = {
  rollout: ['crash', 'config', 'image', 'unschedulable'],
  job: ['crash', 'config', 'image'],
};

export function groupFindings(
  findings: readonly Finding[],
  incidents: readonly Incident[],
  settings: IncidentSettings,
  cluster: string,
): Group[] {
  const latest = latestByKey(incidents);
  const unresolved = new Map<string, Incident[]>();
  for (const incident of latest.values()) {
    if (incident.state === 'resolved') continue;
    const key = ownerKey(incident.owner);
    unresolved.set(key, [...(unresolved.get(key) ?? []), incident]);
  }
  const unresolvedOf = (owner: Owner) => unresolved.get(ownerKey(owner)) ?? [];

  // What is ignored opens nothing and joins nothing; what an incident tells already it goes on to tell truly.
  const kept = findings.filter(
    (finding) =>
      route(settings, finding, cluster) !== undefined ||
      unresolvedOf(finding.owner).some((incident) => holds(incident, finding)),
  );
  const active = new Set(kept.filter(isActive).map(ownGroup));

  const hostOf = (finding: Finding): Cause => {
    const own = CAUSE_OF[finding.kind];
    const hosts = FOLLOWS_FROM[own] ?? [];
    const incidentsThere = unresolvedOf(finding.owner);
    if (incidentsThere.some(({ cause }) => cause === own)) return own;
    const joined = incidentsThere.find((incident) => hosts.includes(incident.cause) && holds(incident, finding));
    if (joined) return joined.cause;
    const willBeOpen = (cause: Cause) =>
      incidentsThere.some((incident) => incident.cause === cause) || active.has(groupKey(cause, finding.owner));
    return hosts.find(willBeOpen) ?? own;
  };

  const groups = new Map<string, Group>();
  for (const [key, incident] of latest) {
    groups.set(key, { cause: incident.cause, owner: incident.owner, findings: [], incident });
  }
  for (const finding of kept) {
    const cause = hostOf(finding);
    const key = groupKey(cause, finding.owner);
    const group = groups.get(key) ?? { cause, owner: finding.owner, findings: [], incident: undefined };
    groups.set(key, { ...group, findings: [...group.findings, finding] });
  }
  return [...groups.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function latestByKey(incidents: readonly Incident[]): Map<string, Incident> {
  const latest = new Map<string, Incident>();
  for (const incident of incidents) {
    const key = groupKey(incident.cause, incident.owner);
    const other = latest.get(key);
    if (!other || incident.noticedAt > other.noticedAt) latest.set(key, incident);
  }
  return latest;
}

function holds(incident: Incident, { kind }: Finding): boolean {
  return incident.findings.some((finding) => finding.kind === kind);
}

function ownGroup({ kind, owner }: Finding): string {
  return groupKey(CAUSE_OF[kind], owner);
}

function groupKey(cause: Cause, owner: Owner): string {
  return `${cause}/${ownerKey(owner)}`;
}
