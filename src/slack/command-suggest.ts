import type { Action, Flag } from '../actions/action.ts';
import { formatCommand } from '../actions/format-command.ts';
import { nearNames } from '../kubernetes/search-snapshot.ts';
import { isPlaceholder, nearKindWord } from './command-action.ts';
import { flagName, flagsOf, readNumber, takeFlags } from './command-flags.ts';
import { readKind } from './command-kinds.ts';
import type { Input } from './command-match.ts';
import type { Token } from './command-words.ts';

const FILLERS = new Set([
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
const BEFORE_NAMESPACE = new Set(['in', 'from', 'namespace', 'ns', 'at']);

/** The nearest right line for an action, with what could be understood; `<replicas>` stands for what is missing. */
export function suggestLine(action: Action, tokens: readonly Token[]): string {
  const mended = mendFlags(tokens, flagsOf(action));
  const { words, given } = takeFlags(mended, flagsOf(action), true);
  const { reason, help: _, ...values } = Object.fromEntries(given) as Input;
  const input = onlyValid(action, { ...values, ...loosely(action, words, values.namespace) });
  const why = typeof reason === 'string' && reason.trim() !== '' ? reason.slice(0, 200) : undefined;
  return formatCommand(action, input, { reason: why, placeholders: true });
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
function loosely(action: Action, words: readonly Token[], namespace: unknown): Input {
  const parts = sortOut(words);
  const [name, second] = parts.names;
  const place = namespace ?? parts.namespace;
  const has = (word: string) => action.command.patterns.some((pattern) => pattern.some((one) => one === word));
  const integer = action.command.patterns.flat().find((word) => typeof word === 'object');
  const number = integer === undefined || parts.number === undefined ? {} : { [integer.integer]: parts.number };
  const isPod = has('pod') && (parts.kind === undefined || parts.kind === 'Pod');
  if (isPod) return { ...number, pod: name, namespace: place ?? second };
  if (
    has('workload') &&
    (parts.kind !== undefined || !has('namespace') || integer !== undefined || action.effect === 'change')
  ) {
    return {
      ...number,
      namespace: undefined,
      workload: { kind: workloadKind(parts.kind), name, namespace: place ?? second },
    };
  }
  return { ...number, namespace: place ?? name };
}

function workloadKind(kind: string | undefined): string | undefined {
  return kind === 'Pod' ? undefined : kind;
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

/** Leaves out what the action's schema refuses; a missing part stays missing. */
function onlyValid(action: Action, input: Input): Input {
  const result = action.input.safeParse(input);
  if (result.success) return input;
  const kept = { ...input };
  for (const { path } of result.error.issues) {
    const [key, inner] = path.map(String);
    if (key === undefined) continue;
    if (key === 'workload' && (inner === 'namespace' || inner === 'kind')) {
      kept.workload = { ...(kept.workload as Input), [inner]: undefined };
    } else {
      delete kept[key];
    }
  }
  return kept;
}
