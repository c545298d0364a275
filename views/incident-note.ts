import { Section } from 'slack-block-builder';
import type { Diagnosis } from '../src/incidents/diagnosis.ts';
import type { Incident, IncidentNote } from '../src/incidents/incident.ts';
import { built, type Message } from './blocks.ts';
import { codeBlocks } from './code-blocks.ts';
import { clusterWords, oneLine, ordinal, ownerName, severityMark, thisOwner, troubleWords } from './incident-words.ts';
import { packed } from './pack.ts';
import { code, lasted, mention, quoted, short, when, withoutTicks } from './text.ts';
import { troubleSentence } from './trouble-sentence.ts';

/** Characters of all facts together, and sections of a log: what one message takes. */
const FACTS_MAX = 4000;
const LOG_SECTIONS = 3;

type Note<T extends IncidentNote['type']> = Extract<IncidentNote, { type: T }>;

/** A note of the story, as a reply in the incident's thread; undefined where the root has said it all. */
export function noteMessage(note: IncidentNote, incident: Incident): Message | undefined {
  switch (note.type) {
    case 'evidence':
      return evidence(note.diagnosis);
    case 'joined':
      return said(
        `${severityMark(incident.severity)} Also: ${troubleSentence(note.finding, false)}`,
        clusterWords(note.finding),
      );
    case 'rolled-out':
      return said(rolledOut(note), withoutTicks(note.finding.detail ?? ''));
    case 'acknowledged':
      return said(`:raising_hand: ${mention(note.user)} is on it.`);
    case 'silenced':
      return said(silenced(note, incident));
    case 'unsilenced':
      return said(
        note.user === undefined ? ':bell: The silence is over.' : `:bell: ${mention(note.user)} ended the silence.`,
      );
    case 'resolved':
      return incident.cause === 'rolled-out'
        ? undefined
        : said(`${severityMark('info')} Over ${lasted(note.afterMs)}.`);
    case 'reopened':
      return said(reopened(note, incident));
  }
}

function said(text: string, words?: string | undefined): Message {
  const lines = words?.trim() ? `${text}\n${quoted(words, 600)}` : text;
  return { text, blocks: built(Section({ text: lines })) };
}

function rolledOut({ finding: { owner, revision } }: Note<'rolled-out'>): string {
  const of = revision === undefined ? '' : ` (revision ${oneLine(revision, 20)})`;
  return `:rocket: A rollout of ${ownerName(owner)} was completed meanwhile${of}.`;
}

function silenced({ user, until }: Note<'silenced'>, { owner }: Incident): string {
  const still = 'Until then nothing new is posted about it; the message above stays up to date.';
  return `:no_bell: ${mention(user)} silenced ${thisOwner(owner)} until ${when(until)}. ${still}`;
}

/** Names whom it hits, as it may stand in the channel too, and who was on it: no edit of the root would fetch them. */
function reopened({ seq, finding, episode }: Note<'reopened'>, { severity, owner, notes }: Incident): string {
  const before = notes.filter((note) => note.seq < seq);
  const episodeBefore = before.slice(before.findLastIndex(({ type }) => type === 'reopened') + 1);
  const carer = episodeBefore.findLast((note) => note.type === 'acknowledged');
  const who = carer ? ` ${mention(carer.user)} was on it.` : '';
  const trouble = troubleWords(finding, finding.count);
  return `${severityMark(severity)} It is back, for the ${ordinal(episode)} time: ${ownerName(owner)}, ${trouble}.${who}`;
}

function evidence({ facts, log }: Diagnosis): Message {
  const lines = facts.map(({ label, text }) => `*${oneLine(label, 60)}* ${short(withoutTicks(text).trim(), 700)}`);
  const [first] = facts;
  const text = first ? `${oneLine(first.label, 60)}: ${oneLine(first.text, 200)}` : 'What the log says';
  const logBlocks = log ? [Section({ text: logTitle(log) }), ...logSections(log.text)] : [];
  const nothing = lines.length === 0 && !log ? [Section({ text: 'Nothing more was found out.' })] : [];
  return { text, blocks: built(...packed(lines, FACTS_MAX), ...logBlocks, ...nothing) };
}

function logTitle({ pod, container, previous }: NonNullable<Diagnosis['log']>): string {
  return `Last lines of ${code(pod, 260)} (${code(container, 100)})${previous ? ', from before its last restart' : ''}`;
}

function logSections(text: string) {
  const blocks = codeBlocks(text.trimEnd()).slice(-LOG_SECTIONS);
  return (blocks.length === 0 ? ['The log is empty.'] : blocks).map((block) => Section({ text: block }));
}
