import type { Action, Flag, Word } from './action.ts';
import { WantedWorkload } from './input-schemas.ts';
import { kindWord } from './workload-words.ts';

type Input = Record<string, unknown>;

/**
 * The one canonical command line of a valid input: what help, suggestions and “say which one” print. It reads back to
 * the same input.
 */
export function formatCommand(
  action: Pick<Action, 'name' | 'command'>,
  input: unknown,
  extra: { reason?: string | undefined } = {},
): string {
  const values = asInput(input);
  const pattern = fittingPattern(action, values);
  const words = pattern.flatMap((word) => wordText(word, values) ?? []);
  const placed = new Set(pattern.map((word) => (typeof word === 'object' ? word.integer : word)));
  const flags = action.command.flags.filter((flag) => !placed.has(flag.name)).map((flag) => flagText(flag, values));
  const namespace = placed.has('namespace') ? undefined : namespaceOf(values);
  return [
    action.name,
    ...words,
    ...(namespace === undefined ? [] : ['-n', namespace]),
    ...flags.filter((text) => text !== ''),
    ...(extra.reason === undefined ? [] : ['--reason', quoteWord(extra.reason)]),
  ].join(' ');
}

function asInput(input: unknown): Input {
  return typeof input === 'object' && input !== null ? (input as Input) : {};
}

type Pattern = readonly Word[];

function fittingPattern({ command }: Pick<Action, 'command'>, values: Input): Pattern {
  return command.patterns.find((words) => words.every((word) => wordText(word, values) !== undefined)) ?? [];
}

function wordText(word: Word, values: Input): string | undefined {
  if (word === 'workload') return workloadText(values.workload);
  const value = values[typeof word === 'object' ? word.integer : word];
  if (typeof word === 'object') return typeof value === 'number' ? String(value) : undefined;
  return typeof value === 'string' ? quoteWord(value) : undefined;
}

function workloadText(value: unknown): string | undefined {
  const workload = WantedWorkload.safeParse(value).data;
  if (workload === undefined) return undefined;
  return workload.kind === undefined ? workload.name : `${kindWord(workload.kind)} ${workload.name}`;
}

function namespaceOf(values: Input): string | undefined {
  const workload = asInput(values.workload);
  const namespace = workload.namespace ?? values.namespace;
  return typeof namespace === 'string' ? namespace : undefined;
}

function flagText(flag: Flag, values: Input): string {
  const value = values[flag.name];
  if (value === undefined || value === null || value === false) return '';
  const name = flag.short ?? flag.long;
  return flag.type === 'boolean' ? name : `${name} ${quoteWord(String(value))}`;
}

/** Quotes where the parser would otherwise split or trim the word. */
export function quoteWord(text: string): string {
  if (/^[A-Za-z0-9](?:[A-Za-z0-9./=,!:-]*[A-Za-z0-9])?$/.test(text)) return text;
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
