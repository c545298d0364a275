import type { Action, Flag } from '../actions/action.ts';
import type { Token } from './command-words.ts';

/** What a line says beside its words. `given` is by input key; namespace, reason and help are understood everywhere. */
export interface Flags {
  words: Token[];
  given: Map<string, unknown>;
  /** What cannot be understood, in a sentence for the person. */
  problem: string | undefined;
}

const DASHES = /^[-\u2010-\u2015\u2212]+/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** Meant as a number and yet none: `NaN`, `Infinity`, `1,000`, `1.000.000`. */
const NO_NUMBER = /^[+-]?(?:nan|inf|infinity|\d{1,3}(?:[,.'’]\d{3})+)$/i;

const NAMESPACE: Flag = { name: 'namespace', long: '--namespace', short: '-n', type: 'string' };
const REASON: Flag = { name: 'reason', long: '--reason', type: 'string' };
const HELP: Flag = { name: 'help', long: '--help', short: '-h', type: 'boolean' };

export function flagsOf(action: Pick<Action, 'command' | 'effect'>): readonly Flag[] {
  return [...action.command.flags, NAMESPACE, HELP, ...(action.effect === 'change' ? [REASON] : [])];
}

/** A number as people write one; NaN for what only looks like one; undefined for any other word. */
export function readNumber(text: string): number | undefined {
  const plain = text.replace(/^[\u2010-\u2015\u2212]/, '-');
  if (NUMBER.test(plain)) return Number(plain);
  return NO_NUMBER.test(plain) ? Number.NaN : undefined;
}

/** Takes the flags out of a line. A reason without quotes goes on to the next flag where `longReason` says so. */
export function takeFlags(tokens: readonly Token[], known: readonly Flag[], longReason: boolean): Flags {
  const flags: Flags = { words: [], given: new Map(), problem: undefined };
  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at] as Token;
    const name = flagName(token);
    at += 1;
    if (name === undefined) {
      flags.words.push(token);
    } else if (name !== '') {
      at = takeOne(flags, { token, name, at, tokens, known, longReason });
    }
  }
  return flags;
}

/** `--tail`, `-c`, whichever dashes the phone made of it; empty for a lone dash, undefined for a word. */
export function flagName(token: Token): string | undefined {
  const dashes = token.quoted ? undefined : DASHES.exec(token.text)?.[0];
  if (dashes === undefined || readNumber(token.text) !== undefined) return undefined;
  const name = token.text.slice(dashes.length).split('=', 1)[0]?.toLowerCase() ?? '';
  if (name === '') return '';
  return name.length === 1 && dashes.length === 1 ? `-${name}` : `--${name}`;
}

interface Reading {
  token: Token;
  name: string;
  at: number;
  tokens: readonly Token[];
  known: readonly Flag[];
  longReason: boolean;
}

function takeOne(flags: Flags, reading: Reading): number {
  const { token, name, known } = reading;
  const flag = known.find((one) => one.long === name || one.short === name);
  if (flag === undefined) {
    flags.problem ??= `There is no flag ${name} here.`;
    return reading.at;
  }
  const { value, at } = takeValue(flag, reading, token);
  if (value === undefined) flags.problem ??= `The flag ${name} needs a value.`;
  else if (flags.given.has(flag.name)) flags.problem ??= `The flag ${name} is given twice.`;
  else flags.given.set(flag.name, value);
  return at;
}

function takeValue(flag: Flag, { at, tokens, longReason }: Reading, token: Token): { value: unknown; at: number } {
  const equals = token.text.indexOf('=');
  const attached = equals === -1 ? '' : token.text.slice(equals + 1);
  if (flag.type === 'boolean') return { value: attached === '' ? true : readBoolean(attached), at };
  if (attached !== '') return { value: readValue(flag, attached), at };
  let from = at;
  if (tokens[from]?.text === '=' && !tokens[from]?.quoted) from += 1;
  const next = tokens[from];
  if (next === undefined || flagName(next) !== undefined) return { value: undefined, at };
  if (flag.name !== REASON.name || !longReason || next.quoted)
    return { value: readValue(flag, next.text), at: from + 1 };
  let to = from;
  while (to < tokens.length && flagName(tokens[to] as Token) === undefined) to += 1;
  const words = tokens.slice(from, to).map((one) => one.text);
  return { value: words.join(' '), at: to };
}

function readBoolean(text: string): boolean | undefined {
  if (/^(?:true|yes)$/i.test(text)) return true;
  return /^(?:false|no)$/i.test(text) ? false : undefined;
}

function readValue(flag: Flag, text: string): unknown {
  if (flag.type === 'integer') return readNumber(text) ?? Number.NaN;
  if (flag.type === 'duration' || flag.name === NAMESPACE.name) return text.toLowerCase();
  return text;
}
