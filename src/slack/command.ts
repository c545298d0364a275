import type { Action } from '../actions/action.ts';
import { turnedOff } from '../actions/turned-off.ts';
import { nearNames } from '../kubernetes/search-snapshot.ts';
import { readAction } from './command-action.ts';
import { flagName } from './command-flags.ts';
import { type HistoryAsked, readHistory, withPeople } from './command-history.ts';
import { readKind } from './command-kinds.ts';
import { type Suggestion, suggestLine } from './command-suggest.ts';
import { MENTION, plainText } from './command-text.ts';
import { idAndWhy, idOf, verdictOf } from './command-vote.ts';
import { splitWords, type Token } from './command-words.ts';

/** What a line asks for. `input` is valid by the action's schema; `suggestion` is a right line. */
export type Command =
  | { kind: 'action'; action: string; input: unknown; reason?: string }
  | { kind: 'help'; topic?: string }
  | { kind: 'pending' }
  | { kind: 'history'; asked: HistoryAsked }
  | { kind: 'approve' | 'reject' | 'cancel'; id?: string; why?: string }
  | { kind: 'wrong'; message: string; suggestion: Suggestion };

interface Grammar {
  actions: readonly Action[];
  /** Names of actions that the configuration leaves out. */
  off?: readonly string[];
}

const LONGEST_LINE = 4000;
const OWN_VERBS = ['help', 'pending', 'history', 'approve', 'confirm', 'reject', 'cancel'];

/** What people say before the command, out of habit or politeness. */
const PREAMBLE = new Set(['kubectl', 'k', 'opsbot', '/opsbot', 'please', 'hey', '$']);
const THANKS = new Set(['please', 'pls', 'plz', 'thanks', 'thx']);
/** kubectl's own names for what an action does. */
const KUBECTL: readonly { words: readonly string[]; verb: string }[] = [
  { words: ['rollout', 'restart'], verb: 'restart' },
  ...['pods', 'pod', 'po'].map((word) => ({ words: ['get', word], verb: 'pods' })),
];
/** Words that mean a command without resembling it. */
const SYNONYMS: Readonly<Record<string, string>> = {
  reboot: 'restart',
  bounce: 'restart',
  redeploy: 'restart',
  tail: 'logs',
  ps: 'pods',
  list: 'pods',
  resize: 'scale',
  yes: 'approve',
  ok: 'approve',
  lgtm: 'approve',
  no: 'reject',
  deny: 'reject',
  abort: 'cancel',
  queue: 'pending',
  audit: 'history',
};

/** Reads one line as somebody wrote it to opsbot, in Slack's own markup. Never throws; pure. */
export function parseCommand(text: string, grammar: Grammar): Command {
  if (text.length > LONGEST_LINE) return wrong('This is too long for a command.', 'help');
  const plain = plainText(text);
  const tokens = wordsIn(plain);
  const [first, ...rest] = tokens;
  if (first === undefined) return verdictCommand(plain) ?? { kind: 'help' };
  const verb = first.text.toLowerCase();
  const action = grammar.actions.find((one) => one.name === verb);
  if (action !== undefined) return actionCommand(action, rest);
  if (verb === 'history') return historyCommand(text, grammar);
  return ownCommand(verb, rest, plain) ?? unknownCommand(first, rest, grammar);
}

function wordsIn(plain: string): readonly Token[] {
  return withoutThanks(withoutPreamble(splitWords(plain)));
}

function withoutPreamble(tokens: readonly Token[]): Token[] {
  let from = 0;
  while (PREAMBLE.has(tokens[from]?.text.toLowerCase() ?? '')) from += 1;
  const rest = tokens.slice(from);
  const said = KUBECTL.find(({ words }) => words.every((word, at) => rest[at]?.text.toLowerCase() === word));
  return said === undefined ? rest : [{ text: said.verb, quoted: false }, ...rest.slice(said.words.length)];
}

/** Only where nothing needs the word: a workload or a namespace may be called `please`. */
function withoutThanks(tokens: readonly Token[]): readonly Token[] {
  const [before, last] = tokens.slice(-2);
  if (tokens.length < 3 || before === undefined || last === undefined || last.quoted) return tokens;
  if (flagName(before) !== undefined || readKind(before.text) !== undefined) return tokens;
  return THANKS.has(last.text.toLowerCase()) ? tokens.slice(0, -1) : tokens;
}

function actionCommand(action: Action, rest: readonly Token[]): Command {
  if (rest.length === 1 && rest[0]?.text.toLowerCase() === 'help') return { kind: 'help', topic: action.name };
  const understood = readAction(action, rest);
  switch (understood.kind) {
    case 'help':
      return { kind: 'help', topic: action.name };
    case 'problem':
      return wrong(understood.message, suggestLine(action, rest));
    case 'input': {
      const { input, reason } = understood;
      return { kind: 'action', action: action.name, input, ...(reason === undefined ? {} : { reason }) };
    }
  }
}

function ownCommand(verb: string, rest: readonly Token[], plain: string): Command | undefined {
  switch (verb) {
    case 'help':
      return rest[0] === undefined ? { kind: 'help' } : { kind: 'help', topic: rest[0].text.toLowerCase() };
    case 'pending':
      return rest.length === 0 ? { kind: 'pending' } : wrong('pending stands alone.', 'pending');
    case 'cancel':
      return { kind: 'cancel', ...idAndWhy(afterWord(plain, verb)) };
    default:
      return verdictCommand(plain, verb, rest);
  }
}

/** It may be about a person, whose mention is no word of any other command. */
function historyCommand(text: string, { actions, off = [] }: Grammar): Command {
  const tokens = wordsIn(plainText(withPeople(text)));
  const at = tokens.findIndex((token) => token.text.toLowerCase() === 'history');
  const read = readHistory(tokens.slice(at + 1), [...actions.map(({ name }) => name), ...off]);
  switch (read.kind) {
    case 'asked':
      return { kind: 'history', asked: read.asked };
    case 'help':
      return { kind: 'help', topic: 'history' };
    case 'problem':
      return wrong(read.message, read.line);
  }
}

/** `approve` and its like; their marks (✅) may be all that a line has. */
function verdictCommand(plain: string, verb = plain.trim(), rest: readonly Token[] = []): Command | undefined {
  const verdict = verdictOf(verb);
  if (verdict === undefined) return undefined;
  if (verdict === 'reject') return { kind: 'reject', ...idAndWhy(afterWord(plain, verb)) };
  const [first, ...others] = rest;
  if (first === undefined) return { kind: 'approve' };
  const id = idOf(first.text) ?? (/[\d-]/.test(first.text) ? first.text : undefined);
  if (id !== undefined && others.length === 0) return { kind: 'approve', id };
  return wrong(
    'approve takes the id of one request, or nothing in its thread.',
    id === undefined ? 'approve' : `approve ${id}`,
  );
}

/** The person's own words after the verb, as typed. */
function afterWord(plain: string, verb: string): string {
  const text = plain.replaceAll(MENTION, '');
  const at = text.toLowerCase().indexOf(verb);
  return text.slice(at + verb.length).replace(/^[`*_~.,!?;:]+(?=\s|$)/, '');
}

function unknownCommand(first: Token, rest: readonly Token[], { actions, off = [] }: Grammar): Command {
  const said = first.text.slice(0, 40);
  const verb = first.text.toLowerCase();
  const meant = SYNONYMS[verb] ?? verb;
  if (off.includes(meant)) return wrong(turnedOff(meant).message, 'help');
  const near = SYNONYMS[verb] ?? nearNames([...actions.map(({ name }) => name), ...OWN_VERBS], verb, 1)[0];
  const action = actions.find(({ name }) => name === near);
  return wrong(`“${said}” is not a command.`, action === undefined ? (near ?? 'help') : suggestLine(action, rest));
}

function wrong(message: string, near: string | Suggestion): Command {
  return { kind: 'wrong', message, suggestion: typeof near === 'string' ? { line: near, isExample: false } : near };
}
