import { Section } from 'slack-block-builder';
import type { Severity } from '../src/incidents/finding.ts';
import type { Incident, Storm } from '../src/incidents/incident.ts';
import { built, type ColouredMessage } from './blocks.ts';
import { incidentHeadline } from './incident-line.ts';
import { severityColour, severityMark } from './incident-words.ts';
import { packed } from './pack.ts';
import { counted, cut, duration, grouped, when } from './text.ts';

export interface StormSummary {
  storm: Storm;
  /** Those that are still known. */
  members: readonly Incident[];
  /** The storm may have had more than its members. */
  mayBeMore: boolean;
  /** Name that incident's cluster. */
  clusterShown(incident: Incident): boolean;
}

const GRAVEST_FIRST: readonly Severity[] = ['critical', 'warning', 'info'];
const SHOWN = 15;
const LINE_MAX = 700;

/** One message for so many incidents at once that nobody could read them; each has one of its own all the same. */
export function stormMessage(summary: StormSummary): ColouredMessage {
  return summary.storm.endedAt === undefined ? raging(summary) : ended(summary, summary.storm.endedAt);
}

function raging({ storm, members, mayBeMore, clusterShown }: StormSummary): ColouredMessage {
  const open = openOf(members);
  const worst = open[0]?.severity ?? 'warning';
  const text = `${severityMark(worst)} *${mayBeMore ? 'At least ' : ''}${counted(open.length, 'incident')} ${open.length === 1 ? 'is' : 'are'} open*${tally(open)}`;
  const over = storm.members.length - open.length;
  const lead = [
    `Since ${when(storm.startedAt)}.${over > 0 ? ` ${grouped(over)} more ${over === 1 ? 'is' : 'are'} over already.` : ''}`,
    'Each has a message of its own, as fast as Slack takes them.',
  ];
  return coloured(text, worst, lead, lines(open, clusterShown));
}

function ended({ storm, members, mayBeMore, clusterShown }: StormSummary, endedAt: number): ColouredMessage {
  const open = openOf(members);
  const all = `${mayBeMore ? 'at least ' : ''}${counted(storm.members.length, 'incident')}`;
  const text = `${severityMark('info')} *The storm is over*: ${all} in ${duration(endedAt - storm.startedAt)}.`;
  const still =
    open.length === 0 ? [] : [`${grouped(open.length)} of them ${open.length === 1 ? 'was' : 'were'} still open then:`];
  return coloured(
    text,
    'info',
    [`From ${when(storm.startedAt)} to ${when(endedAt)}.`, ...still],
    lines(open, clusterShown),
  );
}

function coloured(text: string, severity: Severity, lead: string[], listed: string[]): ColouredMessage {
  const blocks = built(Section({ text: lead.join('\n') }), ...packed(listed));
  return { text, attachments: [{ color: severityColour(severity), fallback: lead[0] ?? text, blocks }] };
}

/** The gravest first, then the oldest. */
function openOf(members: readonly Incident[]): Incident[] {
  const open = members.filter(({ state }) => state !== 'resolved');
  return open.sort(
    (a, b) => GRAVEST_FIRST.indexOf(a.severity) - GRAVEST_FIRST.indexOf(b.severity) || a.since - b.since,
  );
}

function tally(open: readonly Incident[]): string {
  const parts = GRAVEST_FIRST.flatMap((severity) => {
    const count = open.filter((incident) => incident.severity === severity).length;
    return count > 0 ? [`${grouped(count)} ${severity}`] : [];
  });
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

function lines(open: readonly Incident[], clusterShown: StormSummary['clusterShown']): string[] {
  const shown = open
    .slice(0, SHOWN)
    .map((incident) => cut(incidentHeadline(incident, clusterShown(incident)), LINE_MAX));
  return open.length > SHOWN ? [...shown, `and ${grouped(open.length - SHOWN)} more`] : shown;
}
