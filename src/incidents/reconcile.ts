import { type Cause, type Finding, type Owner, ownerKey, type Picture, SEVERITIES } from './finding.ts';
import { isActive, isKnown, leadingFirst } from './findings-of.ts';
import { type Group, groupFindings } from './group-findings.ts';
import type { Incident, IncidentSettings, Silence } from './incident.ts';
import { withNote } from './incident-changes.ts';
import { followed, opened, reopened, settled, withSilence } from './reconcile-steps.ts';
import { isOff, route } from './routing.ts';

export interface IncidentChange {
  before: Incident | undefined;
  /** Id of the resolved incident of the same cause and owner whose place a new one takes. */
  replaces: string | undefined;
  after: Incident;
}

export interface ReconcileInput {
  picture: Picture;
  /** The latest of each cause and owner of the cluster, resolved or not. */
  incidents: readonly Incident[];
  /** Read after the incidents: one that is missing here has ended. */
  silences: readonly Silence[];
  settings: IncidentSettings;
  now: number;
  newId: () => string;
}

/** Where a group is going: `after` is `before` itself where nothing changes. */
interface Step {
  before: Incident | undefined;
  after: Incident | undefined;
  replaces: string | undefined;
}

/**
 * What has to change for the incidents to tell what the picture shows. Pure and idempotent: with the result stored, the
 * same picture changes nothing more. While incidents are off, those there are stay as they are; so do those of a
 * namespace that the agent may not read, but for their silence.
 */
export function reconcile(input: ReconcileInput): IncidentChange[] {
  const { picture, settings } = input;
  if (isOff(settings)) return [];
  const known = input.incidents.filter(({ cluster }) => cluster === picture.cluster);
  const groups = groupFindings(picture.findings, known, settings, picture.cluster);
  const isRollout = ({ cause }: { cause: Cause }) => cause === 'rolled-out';
  const steps = groups.filter((group) => !isRollout(group)).map((group) => troubleStep(group, input));
  const stepsOf = Map.groupBy(steps, (step) => ownerOf(step));
  for (const group of groups.filter(isRollout)) {
    steps.push(rolloutStep(group, stepsOf.get(ownerKey(group.owner)) ?? [], input));
  }
  return steps.flatMap(({ before, after, replaces }) =>
    after && after !== before ? [{ before, replaces, after: { ...after, version: (before?.version ?? 0) + 1 } }] : [],
  );
}

function ownerOf({ after, before }: Step): string {
  const owner: Owner | undefined = (after ?? before)?.owner;
  return owner ? ownerKey(owner) : '';
}

function troubleStep(group: Group, input: ReconcileInput): Step {
  const { incident, findings } = group;
  if (incident && incident.state !== 'resolved') {
    const current = withSilence(incident, input);
    const isUnseen = findings.length === 0 && input.picture.unseen?.includes(incident.owner.namespace);
    const after = isUnseen ? current : settled(followed(current, findings, input), input);
    return { before: incident, after, replaces: undefined };
  }
  const unknown = findings.filter((finding) => isActive(finding) || !isKnown(incident?.findings ?? [], finding));
  if (unknown.length === 0) return { before: incident, after: incident, replaces: undefined };
  if (incident && input.picture.asOf - (incident.resolvedAt ?? 0) <= input.settings.cooldownMs) {
    return {
      before: incident,
      after: settled(reopened(incident, findings, unknown, input), input),
      replaces: undefined,
    };
  }
  const after = openedIn(channelOf(findings, input), group, input);
  return { before: undefined, after: after && settled(after, input), replaces: incident?.id };
}

/** A completed rollout is told in the thread of an incident that it may end; else it is a message of its own, once. */
function rolloutStep(group: Group, others: readonly Step[], input: ReconcileInput): Step {
  const { incident, findings } = group;
  const nothing = { before: incident, after: incident, replaces: undefined };
  const [finding] = findings;
  if (!finding || isKnown(incident?.findings ?? [], finding)) return nothing;
  if (others.some(({ before, after }) => hasTold(before, finding) || hasTold(after, finding))) return nothing;
  const host = gravestUnresolved(others);
  if (host?.after) {
    host.after = withNote(host.after, { type: 'rolled-out', finding }, input.now);
    return nothing;
  }
  const after = openedIn(channelOf(findings, input), group, input);
  return { before: undefined, after: after && asResolved(after, input), replaces: incident?.id };
}

function asResolved(incident: Incident, { picture }: ReconcileInput): Incident {
  return { ...incident, state: 'resolved', resolvedAt: picture.asOf };
}

function hasTold(incident: Incident | undefined, { at }: Finding): boolean {
  return incident?.notes.some((note) => note.type === 'rolled-out' && note.finding.at >= at) === true;
}

function gravestUnresolved(steps: readonly Step[]): Step | undefined {
  return SEVERITIES.flatMap((severity) => steps.filter(({ after }) => after?.severity === severity)).find(
    ({ after }) => after?.state !== 'resolved',
  );
}

/** Where the gravest is to go. */
function channelOf(findings: readonly Finding[], { settings, picture }: ReconcileInput): string | undefined {
  const channels = leadingFirst(findings).map((finding) => route(settings, finding, picture.cluster));
  return channels.find((channel) => channel !== undefined);
}

function openedIn(channel: string | undefined, group: Group, input: ReconcileInput): Incident | undefined {
  return channel === undefined ? undefined : opened(channel, group, input);
}
