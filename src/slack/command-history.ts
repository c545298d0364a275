import type { Flag } from '../actions/action.ts';
import { durationSeconds } from '../actions/input-schemas.ts';
import { isObjectName } from '../actions/names.ts';
import { ABOUT, type HistoryFilter, OUTCOMES, type Outcome } from '../requests/history-filter.ts';
import { isPlaceholder, nearKindWord } from './command-action.ts';
import { flagsOf, readNumber, takeFlags } from './command-flags.ts';
import { readKind } from './command-kinds.ts';
import { BEFORE_NAMESPACE, FILLERS } from './command-suggest.ts';
import type { Token } from './command-words.ts';

/** What a line asks history for; `since` is a length of time as typed. */
export interface HistoryAsked extends Omit<HistoryFilter, 'since'> {
  count?: number;
  since?: string;
}

export type HistoryLine =
  | { kind: 'asked'; asked: HistoryAsked }
  | { kind: 'help' }
  /** `line` is the nearest right one. */
  | { kind: 'problem'; message: string; line: string };

const MOST = 100;

const OWN_FLAGS: readonly Flag[] = [
  { name: 'by', long: '--by', type: 'string' },
  { name: 'since', long: '--since', type: 'duration' },
  ...OUTCOMES.map((name): Flag => ({ name, long: `--${name}`, type: 'boolean' })),
];
const FLAGS = flagsOf({ command: { patterns: [], flags: OWN_FLAGS }, effect: 'read' });

const OUTCOME_WORDS: Readonly<Record<string, Outcome>> = {
  ...Object.fromEntries(OUTCOMES.map((outcome) => [outcome, outcome])),
  pending: 'open',
  succeeded: 'done',
  denied: 'rejected',
  canceled: 'cancelled',
};

/** `<@U123|alice>` as a word that a line can be read with. */
export function withPeople(text: string): string {
  return text.replace(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g, ' @$1 ');
}

/** The words after `history`, in any order. `about`: names of everything that history can be about. */
export function readHistory(tokens: readonly Token[], about: readonly string[]): HistoryLine {
  const { words, given, problem } = takeFlags(tokens, FLAGS, false);
  if (given.has('help')) return { kind: 'help' };
  const reading: Reading = { asked: {}, problem, about: [...about, ...Object.values(ABOUT)] };
  for (const [name, value] of given) takeFlag(reading, name, value);
  for (let at = 0; at < words.length; ) at += takeWord(reading, words[at] as Token, words[at + 1]);
  if (reading.problem === undefined) return { kind: 'asked', asked: reading.asked };
  return { kind: 'problem', message: reading.problem, line: historyLine(reading.asked) };
}

interface Reading {
  asked: HistoryAsked;
  problem: string | undefined;
  about: readonly string[];
}

function put<K extends keyof HistoryAsked>(reading: Reading, key: K, value: HistoryAsked[K]): void {
  const { asked } = reading;
  if (asked[key] !== undefined && asked[key] !== value) {
    reading.problem ??= `There are two different values: ${asked[key]} and ${value}.`;
  }
  asked[key] ??= value;
}

function takeFlag(reading: Reading, name: string, value: unknown): void {
  if (name === 'namespace') putName(reading, 'namespace', String(value));
  else if (name === 'since') putSince(reading, String(value));
  else if (name === 'by') putPerson(reading, String(value));
  else if (value === true) put(reading, 'outcome', OUTCOME_WORDS[name]);
}

function putSince(reading: Reading, text: string): void {
  if (durationSeconds(text) !== undefined) put(reading, 'since', text);
  else reading.problem ??= 'Since must be a time such as 30m, 12h or 7d.';
}

function putPerson(reading: Reading, text: string): void {
  const id = /^@([UW][A-Z0-9]{1,30})$/.exec(text)?.[1];
  if (id !== undefined) put(reading, 'by', id);
  else reading.problem ??= 'Name a person by mention: type @ and choose from what Slack offers.';
}

function putName(reading: Reading, key: 'namespace' | 'name', text: string): void {
  const name = text.toLowerCase();
  if (isObjectName(name)) put(reading, key, name);
  else reading.problem ??= `“${text.slice(0, 40)}” cannot be a ${key === 'name' ? 'name' : 'namespace'}.`;
}

/** How many words it took. */
function takeWord(reading: Reading, token: Token, next: Token | undefined): number {
  const word = token.text.toLowerCase();
  const number = readNumber(token.text);
  const outcome = Object.hasOwn(OUTCOME_WORDS, word) ? OUTCOME_WORDS[word] : undefined;
  if (number !== undefined) putCount(reading, number);
  else if (reading.about.includes(word)) put(reading, 'about', word);
  else if (outcome !== undefined) put(reading, 'outcome', outcome);
  else if (token.text.startsWith('@')) putPerson(reading, token.text);
  else if (isPlaceholder(token)) reading.problem ??= `Put a value in the place of ${token.text}.`;
  else if (isTalk(word)) return takeTalk(reading, word, next);
  else return takeSubject(reading, token, next);
  return 1;
}

function putCount(reading: Reading, count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= MOST) put(reading, 'count', count);
  else reading.problem ??= `history takes a number from 1 to ${MOST}.`;
}

/** Words of a sentence, none of which is a name. */
function isTalk(word: string): boolean {
  return FILLERS.has(word) || BEFORE_NAMESPACE.has(word) || word === 'since' || word === 'by';
}

function takeTalk(reading: Reading, word: string, next: Token | undefined): number {
  reading.problem ??= 'This is not how history is written.';
  if (next === undefined) return 1;
  if (BEFORE_NAMESPACE.has(word)) putName(reading, 'namespace', next.text);
  else if (word === 'since') putSince(reading, next.text.toLowerCase());
  else if (word === 'by') putPerson(reading, next.text);
  else return 1;
  return 2;
}

/** `deploy/api`, `deployment api`, `api`; a second name is the namespace. */
function takeSubject(reading: Reading, { text }: Token, next: Token | undefined): number {
  const [before = '', after, ...others] = text.split('/');
  const isFollowed = after !== undefined || (next !== undefined && readNumber(next.text) === undefined);
  const near = readKind(before) === undefined && isFollowed ? nearKindWord(before) : undefined;
  const kind = readKind(near ?? before);
  if (near !== undefined) reading.problem ??= `“${before}” is not a kind of workload.`;
  if (others.length > 0) reading.problem ??= 'This is not how history is written.';
  if (kind !== undefined) put(reading, 'kind', kind);
  if (after === undefined && kind === undefined) putName(reading, reading.asked.name ? 'namespace' : 'name', text);
  if (after === undefined) return 1;
  if (kind === undefined) {
    reading.problem ??= `“${before}” is not a kind of workload.`;
    putName(reading, 'namespace', before);
  }
  putName(reading, 'name', after);
  return 1;
}

/** The one canonical line that asks for it. */
export function historyLine({ about, outcome, kind, name, namespace, by, since, count }: HistoryAsked): string {
  const flag = (text: string, value: string | undefined) => (value === undefined ? undefined : `${text} ${value}`);
  return [
    'history',
    about,
    outcome,
    kind?.toLowerCase(),
    name,
    flag('-n', namespace),
    flag('--by', by && `@${by}`),
    flag('--since', since),
    count === undefined ? undefined : String(count),
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}
