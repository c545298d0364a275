import { Context, Section } from 'slack-block-builder';
import type { AffectedPod, Finding } from '../src/incidents/finding.ts';
import type { Incident } from '../src/incidents/incident.ts';
import { built, type ColouredMessage } from './blocks.ts';
import { type IncidentAction, incidentButtons } from './incident-buttons.ts';
import { incidentHeadline, lastedMs, leadingCount } from './incident-line.ts';
import { clusterWords, oneLine, ordinal, severityColour, thisOwner } from './incident-words.ts';
import { code, counted, duration, grouped, mention, quoted, when } from './text.ts';
import { troubleSentence } from './trouble-sentence.ts';

export interface IncidentRoot {
  incident: Incident;
  /** ms since the epoch. */
  now: number;
  /** Name the cluster (several clusters behind one app). */
  clusterShown: boolean;
  /** Those that can be asked for on the incident's cluster. */
  actions: readonly IncidentAction[];
  /** How long it has to look over before it is called over, in ms. */
  quietMs: number;
}

/** On a phone each takes two lines; pods on a node are told by name alone. */
const PODS_SHOWN = 3;
const PODS_ON_NODE_SHOWN = 5;
const FINDINGS_SHOWN = 4;

/** The root message of an incident: edited in place while it lasts, green and without buttons when it is over. */
export function incidentMessage(root: IncidentRoot): ColouredMessage {
  const { incident, clusterShown, actions } = root;
  const text = incidentHeadline(incident, clusterShown);
  const attachment = {
    color: severityColour(incident.state === 'resolved' ? 'info' : incident.severity),
    // Where blocks cannot be shown; without it a phone says “no preview available” below the headline.
    fallback: sentences(incident).join(' ') || text,
    blocks: built(
      ...optional(what(incident)),
      ...optional(pods(incident)),
      Section({ text: story(root).join('\n') }),
      Context().elements(footer(incident)),
      incidentButtons(incident, actions),
    ),
  };
  return { text, attachments: [attachment] };
}

function optional(text: string) {
  return text === '' ? [] : [Section({ text })];
}

/** The first with the count that the headline gives. */
function leadingFindings(incident: Incident): readonly Finding[] {
  const count = leadingCount(incident);
  return incident.findings
    .slice(0, FINDINGS_SHOWN)
    .map((finding, index) => (index === 0 ? { ...finding, count } : finding));
}

function sentences(incident: Incident): string[] {
  return leadingFindings(incident).map((finding) => troubleSentence(finding, incident.state !== 'open'));
}

/** Each kind of trouble in a sentence, with the cluster's own words. */
function what(incident: Incident): string {
  const past = incident.state !== 'open';
  return leadingFindings(incident)
    .map((finding) => {
      const words = past ? undefined : clusterWords(finding);
      return [troubleSentence(finding, past), ...(words ? [quoted(words, 450)] : [])].join('\n');
    })
    .join('\n');
}

/** The worst pods by name. When the trouble is over nobody needs to look at them any more. */
function pods({ findings, owner, state }: Incident): string {
  if (state !== 'open') return '';
  const byName = new Map<string, AffectedPod>();
  for (const pod of findings.flatMap((finding) => finding.pods)) if (!byName.has(pod.name)) byName.set(pod.name, pod);
  const named = [...byName.values()].slice(0, owner.kind === 'Node' ? PODS_ON_NODE_SHOWN : PODS_SHOWN);
  const total = Math.max(named.length, ...findings.map(({ count }) => count));
  const more = total > named.length && named.length > 0 ? [`and ${grouped(total - named.length)} more`] : [];
  return [...named.map(podLine), ...more].join('\n');
}

function podLine({ name, node, container, init, exitCode, restarts }: AffectedPod): string {
  const facts = [
    container === undefined ? undefined : `${init ? 'init container' : 'container'} ${code(container, 80)}`,
    exitCode === undefined ? undefined : `exit code ${exitCode}`,
    restarts > 0 ? counted(restarts, 'restart') : undefined,
    node === undefined ? undefined : `on ${code(node, 120)}`,
  ].filter((fact) => fact !== undefined);
  return `• ${code(name, 130)}${facts.length === 0 ? '' : ` ${facts.join(', ')}`}`;
}

/** Since when, how it stands, who cares for it. */
function story(root: IncidentRoot): string[] {
  const { incident } = root;
  return [...course(root), ...late(incident), ...care(root)];
}

function course({ incident, quietMs }: IncidentRoot): string[] {
  const { state, cause, since, calmSince, episode, resolvedAt } = incident;
  if (cause === 'rolled-out') return [`Complete since ${when(since)}.`];
  const again = episode > 1 ? ` This ${state === 'resolved' ? 'was' : 'is'} the ${ordinal(episode)} time.` : '';
  switch (state) {
    case 'open':
      return [`Since ${when(since)}.${peak(incident)}${again}`];
    case 'recovering': {
      const over = `Looks over since ${when(calmSince ?? since)}. Turns green when it stays so for ${duration(quietMs)}.`;
      return [over, `It began ${when(since)}.${peak(incident)}${again}`];
    }
    case 'resolved': {
      const end = calmSince ?? resolvedAt ?? since + lastedMs(incident);
      return [`From ${when(since)} to ${when(end)}.${peak(incident)}${again}`];
    }
  }
}

/** The most pods at once, where that is more than is said already. */
function peak(incident: Incident): string {
  const { peak: most } = incident;
  return most > leadingCount(incident) ? ` At most ${counted(most, 'pod')} at once.` : '';
}

function late({ late: gap }: Incident): string[] {
  if (!gap) return [];
  if (gap.from === undefined) return [':information_source: It was so already when opsbot began to watch.'];
  const unwatched = `nobody watched from ${when(gap.from)} to ${when(gap.to)}`;
  return [`:information_source: Noticed when opsbot came back: ${unwatched}.`];
}

function care({ incident, now }: IncidentRoot): string[] {
  const { acknowledged, silence, owner, state } = incident;
  const lines: string[] = [];
  if (acknowledged) {
    const { user, at } = acknowledged;
    lines.push(
      state === 'resolved'
        ? `:raising_hand: ${mention(user)} was on it.`
        : `:raising_hand: ${mention(user)} is on it, since ${when(at)}.`,
    );
  }
  // Nothing is held back any more, and the silence may be ended without this message being edited again.
  if (silence && silence.until > now && state !== 'resolved') {
    const { until, by } = silence;
    lines.push(
      `:no_bell: ${mention(by)} silenced ${thisOwner(owner)} until ${when(until)}. It can be ended on the Home of opsbot.`,
    );
  }
  return lines;
}

function footer({ id, cause, findings }: Incident): string {
  const revision = cause === 'rolled-out' ? findings[0]?.revision : undefined;
  return `Incident ${code(id, 60)}${revision === undefined ? '' : `, revision ${oneLine(revision, 20)}`}`;
}
