import type { Action, Flag } from '../actions/action.ts';
import { nearNames } from '../kubernetes/search-snapshot.ts';
import { type Flags, flagsOf, takeFlags } from './command-flags.ts';
import { LONG_KIND_WORDS, readKind } from './command-kinds.ts';
import { type Input, matchPatterns } from './command-match.ts';
import type { Token } from './command-words.ts';

export type Understood =
  | { kind: 'input'; input: Input; reason: string | undefined }
  | { kind: 'help' }
  | { kind: 'problem'; message: string };

const LONGEST_REASON = 500;

/** The words after an action's name → its raw input, valid by the action's schema; else what is wrong with them. */
export function readAction(action: Action, tokens: readonly Token[]): Understood {
  const strict = readWith(action, takeFlags(tokens, flagsOf(action), false));
  if (strict.kind !== 'problem') return strict;
  const relaxed = readWith(action, takeFlags(tokens, flagsOf(action), true));
  return relaxed.kind === 'problem' ? strict : relaxed;
}

function readWith(action: Action, flags: Flags): Understood {
  if (flags.given.has('help')) return { kind: 'help' };
  const open = flags.words.find(isPlaceholder);
  const problem = open === undefined ? flags.problem : `Put a value in the place of ${open.text}.`;
  if (problem !== undefined) return { kind: 'problem', message: problem };
  const matched = matchPatterns(action.command.patterns, flags.words);
  if (matched === undefined) return { kind: 'problem', message: whyNoPattern(action, flags.words) };
  const doubt = doubtfulKind(matched, flags.words);
  if (doubt !== undefined) return { kind: 'problem', message: doubt };
  return complete(action, matched, flags.given);
}

function complete(action: Action, matched: Input, given: ReadonlyMap<string, unknown>): Understood {
  const { reason, namespace, ...values } = Object.fromEntries(given) as Input;
  const twice = Object.keys(values).find((key) => matched[key] !== undefined && matched[key] !== values[key]);
  if (twice !== undefined) return { kind: 'problem', message: `There are two different values for ${twice}.` };
  if (namespace !== undefined && matched.namespace !== undefined && matched.namespace !== namespace) {
    return { kind: 'problem', message: `There are two different namespaces: ${namespace} and ${matched.namespace}.` };
  }
  if (typeof reason === 'string' && reason.length > LONGEST_REASON) {
    return { kind: 'problem', message: `The reason may have at most ${LONGEST_REASON} characters.` };
  }
  const input = placeNamespace({ ...values, ...matched }, namespace ?? matched.namespace);
  return validated(action, input, typeof reason === 'string' && reason.trim() !== '' ? reason : undefined);
}

/** A namespace belongs to the workload, where there is one. */
function placeNamespace({ namespace: _, ...input }: Input, namespace: unknown): Input {
  if (namespace === undefined) return input;
  if (typeof input.workload !== 'object') return { ...input, namespace };
  return { ...input, workload: { ...input.workload, namespace } };
}

function validated(action: Action, input: Input, reason: string | undefined): Understood {
  const result = action.input.safeParse(input);
  if (result.success) return { kind: 'input', input, reason };
  // Selectors may have capitals, names may not: only where the text as typed is wrong, it was a name.
  const lower = lowered(input, action.command.flags);
  if (action.input.safeParse(lower).success) return { kind: 'input', input: lower, reason };
  return { kind: 'problem', message: result.error.issues[0]?.message ?? 'This input is not valid.' };
}

function lowered(input: Input, flags: readonly Flag[]): Input {
  const texts = flags.filter((flag) => flag.type === 'string' && typeof input[flag.name] === 'string');
  return { ...input, ...Object.fromEntries(texts.map(({ name }) => [name, String(input[name]).toLowerCase()])) };
}

function whyNoPattern(action: Action, words: readonly Token[]): string {
  const slashed = words.find((word) => word.text.includes('/'));
  const kind = slashed?.text.split('/', 1)[0] ?? '';
  if (slashed !== undefined && readKind(kind) === undefined) return `“${kind}” is not a kind of workload.`;
  if (readKind(kind) === 'Pod') return `${action.name} works on workloads, not on single pods.`;
  return words.length === 0
    ? `Something is missing after ${action.name}.`
    : `This is not how ${action.name} is written.`;
}

/** `scale deploymnt nginx 3` would read as a workload in a namespace; what it means is plain to see. */
function doubtfulKind(matched: Input, words: readonly Token[]): string | undefined {
  const word = words[0]?.text.toLowerCase() ?? '';
  if (matched.namespace === undefined || words.length === 1 || readKind(word) !== undefined) return undefined;
  const near = nearKindWord(word);
  return near === undefined ? undefined : `“${word}” is not a kind of workload.`;
}

/** Copied from a manual as it stood: `<replicas>`. */
export function isPlaceholder({ text }: Token): boolean {
  return /^<.*>$/.test(text);
}

/** Typing errors only: `my-deployment` is a name. */
export function nearKindWord(word: string): string | undefined {
  if (!/^[a-z]{7,13}$/.test(word)) return undefined;
  const alike = LONG_KIND_WORDS.filter((kind) => kind[0] === word[0] && Math.abs(kind.length - word.length) <= 2);
  return nearNames(alike, word, 1)[0];
}
