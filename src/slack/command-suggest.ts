import type { Action, Flag, Word } from '../actions/action.ts';
import { formatCommand } from '../actions/format-command.ts';
import { nearNames } from '../kubernetes/search-snapshot.ts';
import { isPlaceholder, nearKindWord } from './command-action.ts';
import { flagName, flagsOf, readNumber, takeFlags } from './command-flags.ts';
import { readKind } from './command-kinds.ts';
import type { Input } from './command-match.ts';
import type { Token } from './command-words.ts';

/** Words of a sentence that say nothing. */
export const FILLERS = new Set([
  'to',
  'the',
  'a',
  'of',
  'for',
  'with',
  'please',
  'now',
  'replicas',
  'replica',
  'and',
  'workload',
]);
export const BEFORE_NAMESPACE = new Set(['in', 'from', 'namespace', 'ns', 'at']);

export interface Suggestion {
  /** A right line, as it may be typed. */
  line: string;
  /** Something was missing, which the line has from the action's first example: it is no guess at what was meant. */
  isExample: boolean;
}

/** The nearest right line for an action, with what could be understood. */
export function suggestLine(action: Action, tokens: readonly Token[]): Suggestion {
  const mended = mendFlags(tokens, flagsOf(action));
  const { words, given } = takeFlags(mended, flagsOf(action), true);
  const { reason, help: _, ...values } = Object.fromEntries(given) as Input;
  const input = onlyValid(action, { ...values, ...loosely(action, words, values.namespace) });
  const why = typeof reason === 'string' && reason.trim() !== '' ? reason.slice(0, 200) : undefined;
  if (action.input.safeParse(input).success) {
    return { line: formatCommand(action, input, { reason: why }), isExample: false };
  }
  const [example] = action.examples;
  const filled = { ...asInput(example?.input), ...present(input) };
  const line = action.input.safeParse(filled).success ? formatCommand(action, filled, { reason: why }) : undefined;
  return { line: line ?? example?.line ?? `help ${action.name}`, isExample: true };
}

function present(input: Input): Input {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}

function asInput(value: unknown): Input {
  return typeof value === 'object' && value !== null ? (value as Input) : {};
}

/** Unknown flags become the nearest known one, or go. */
function mendFlags(tokens: readonly Token[], known: readonly Flag[]): Token[] {
  return tokens.flatMap((token) => {
    const name = flagName(token);
    if (name === undefined || name === '') return [token];
    if (known.some((flag) => flag.long === name || flag.short === name)) return [token];
    const near = nearNames(
      known.map((flag) => flag.long),
      name,
      1,
    )[0];
    const value = token.text.includes('=') ? token.text.slice(token.text.indexOf('=')) : '';
    return near === undefined ? [] : [{ text: `${near}${value}`, quoted: false }];
  });
}

interface Parts {
  kind: string | undefined;
  number: number | undefined;
  namespace: string | undefined;
  names: string[];
}

/** What the words probably mean, whatever their order. */
function loosely({ command }: Action, words: readonly Token[], given: unknown): Input {
  const parts = sortOut(words);
  const [name, second] = parts.names;
  const { patterns } = command;
  const kind = parts.kind === 'Pod' ? undefined : parts.kind;
  const has = (word: Word) => patterns.some((pattern) => pattern.includes(word));
  const integer = patterns.flat().find((word) => typeof word === 'object');
  const number = integer === undefined || parts.number === undefined ? {} : { [integer.integer]: parts.number };
  const namespace = given ?? parts.namespace;
  if (has('pod') && kind === undefined) return { ...number, pod: name, namespace: namespace ?? second };
  const nameIsNamespace = patterns.some((pattern) => pattern.length === 1 && pattern[0] === 'namespace');
  if (kind === undefined && nameIsNamespace) return { ...number, namespace: namespace ?? name };
  return { ...number, namespace: undefined, workload: { kind, name, namespace: namespace ?? second } };
}

function sortOut(words: readonly Token[]): Parts {
  const parts: Parts = { kind: undefined, number: undefined, namespace: undefined, names: [] };
  let namespaceNext = false;
  for (const word of words.filter((one) => !isPlaceholder(one)).flatMap(slashParts)) {
    const near = nearKindWord(word);
    const kind = readKind(word) ?? (near === undefined ? undefined : readKind(near));
    const number = readNumber(word);
    if (namespaceNext) parts.namespace ??= asName(word);
    else if (kind !== undefined && parts.kind === undefined && parts.names.length === 0) parts.kind = kind;
    else if (number !== undefined) parts.number ??= number;
    else if (!FILLERS.has(word) && !BEFORE_NAMESPACE.has(word)) parts.names.push(asName(word));
    namespaceNext = BEFORE_NAMESPACE.has(word);
  }
  return parts;
}

/** `deploy/nginx` → kind and name; `prod/nginx` → in prod, nginx. */
function slashParts({ text }: Token): string[] {
  const [before = '', after = ''] = text.toLowerCase().split('/');
  if (!text.includes('/')) return [before];
  const isKind = readKind(before) !== undefined || nearKindWord(before) !== undefined;
  return (isKind ? [before, after] : ['in', before, after]).filter((part) => part !== '');
}

/** The nearest text that may be a name: `My_App` → `my-app`. */
function asName(word: string): string {
  return word
    .slice(0, 253)
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
}

/** Leaves out what the action's schema refuses, one thing after the other; what is missing stays missing. */
function onlyValid(action: Action, input: Input): Input {
  let kept = input;
  for (;;) {
    const issue = action.input.safeParse(kept).error?.issues[0];
    if (issue === undefined) return kept;
    const [key, inner] = issue.path.map(String);
    const value = key === undefined ? undefined : kept[key];
    if (key === undefined || value === undefined) return kept;
    kept = { ...kept, [key]: without(value, inner) };
  }
}

/** Without the part at fault; undefined where that part was missing, or there are no parts. */
function without(value: unknown, part: string | undefined): unknown {
  if (typeof value !== 'object' || value === null || part === undefined) return undefined;
  const rest = { ...(value as Input) };
  if (rest[part] === undefined) return undefined;
  delete rest[part];
  return rest;
}
