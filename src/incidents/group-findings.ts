import { CAUSE_OF, type Cause, type Finding, type Owner, ownerKey } from './finding.ts';
import { isActive, isKnown } from './findings-of.ts';
import type { Incident, IncidentSettings } from './incident.ts';
import { route } from './routing.ts';

/** What is found of one cause and owner, with what follows from it, and the latest incident there was of them. */
export interface Group {
  cause: Cause;
  owner: Owner;
  findings: readonly Finding[];
  incident: Incident | undefined;
}

/**
 * Trouble that follows from other trouble of the same owner joins its incident; what is found out later to be behind it
 * joins it in turn. The gravest first.
 */
const FOLLOWS_FROM: Partial<Record<Cause, readonly Cause[]>> = {
  rollout: ['crash', 'config', 'image', 'unschedulable'],
  job: ['crash', 'config', 'image'],
};

/** All kinds that are found of one cause and owner: they are told in the same incident. */
interface Bundle {
  own: Cause;
  owner: Owner;
  together: readonly Finding[];
}

export function mayExplain(cause: Cause, incident: Pick<Incident, 'cause'>): boolean {
  return FOLLOWS_FROM[incident.cause]?.includes(cause) === true;
}

export function groupFindings(
  findings: readonly Finding[],
  incidents: readonly Incident[],
  settings: IncidentSettings,
  cluster: string,
): Group[] {
  const latest = latestByKey(incidents);
  const byOwner = Map.groupBy(latest.values(), ({ owner }) => ownerKey(owner));
  const latestOf = (owner: Owner) => byOwner.get(ownerKey(owner)) ?? [];
  const unresolvedOf = (owner: Owner) => latestOf(owner).filter(({ state }) => state !== 'resolved');

  // What is ignored opens nothing and joins nothing; what an incident tells already it goes on to tell truly.
  const kept = findings.filter(
    (finding) =>
      route(settings, finding, cluster) !== undefined ||
      unresolvedOf(finding.owner).some((incident) => holds(incident, finding)),
  );
  const bundles = bundlesOf(kept).map((bundle) => ({
    ...bundle,
    known: incidentFor(bundle, latestOf(bundle.owner))?.cause,
  }));
  const active = new Set(
    bundles
      .filter(({ together }) => together.some(isActive))
      .map(({ own, owner, known }) => groupKey(known ?? own, owner)),
  );
  const willBeOpen = (cause: Cause, owner: Owner) =>
    unresolvedOf(owner).some((incident) => incident.cause === cause) || active.has(groupKey(cause, owner));

  const groups = new Map<string, Group>();
  for (const [key, incident] of latest) {
    groups.set(key, { cause: incident.cause, owner: incident.owner, findings: [], incident });
  }
  for (const { own, owner, together, known } of bundles) {
    const cause = known ?? FOLLOWS_FROM[own]?.find((host) => willBeOpen(host, owner)) ?? own;
    const key = groupKey(cause, owner);
    const group = groups.get(key) ?? { cause, owner, findings: [], incident: undefined };
    groups.set(key, { ...group, findings: [...group.findings, ...together] });
  }
  return [...groups.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function bundlesOf(findings: readonly Finding[]): Bundle[] {
  const bundles = new Map<string, Bundle>();
  for (const finding of findings) {
    const { kind, owner } = finding;
    const own = CAUSE_OF[kind];
    const key = groupKey(own, owner);
    bundles.set(key, { own, owner, together: [...(bundles.get(key)?.together ?? []), finding] });
  }
  return [...bundles.values()];
}

/** Which of the owner's incidents, `there`, tells this, or is to tell it from now on. */
function incidentFor(bundle: Bundle, there: readonly Incident[]): Incident | undefined {
  const { own, together } = bundle;
  const hosts = FOLLOWS_FROM[own] ?? [];
  const unresolved = there.filter(({ state }) => state !== 'resolved');
  return (
    unresolved.find(({ cause }) => cause === own) ??
    unresolved.find((incident) => hosts.includes(incident.cause) && together.some((one) => holds(incident, one))) ??
    consequenceOf(bundle, there)
  );
}

/** The incident of a consequence that this is now seen to be behind, or that has told already that this is over. */
function consequenceOf({ own, together }: Bundle, there: readonly Incident[]): Incident | undefined {
  const consequences = there.filter((incident) => mayExplain(own, incident));
  const unresolved = consequences.filter(({ state }) => state !== 'resolved');
  const telling = unresolved.find((incident) => together.some((finding) => holds(incident, finding)));
  if (telling || together.some(isActive)) return telling ?? unresolved[0];
  const knows = ({ findings }: Incident) => together.every((finding) => isKnown(findings, finding));
  if (there.some((incident) => incident.cause === own && knows(incident))) return undefined;
  return consequences.find(knows) ?? unresolved[0];
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

function groupKey(cause: Cause, owner: Owner): string {
  return `${cause}/${ownerKey(owner)}`;
}
