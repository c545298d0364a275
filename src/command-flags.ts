import { parseArgs } from 'node:util';
import { InputError } from './errors.ts';
import { nearest } from './nearest.ts';

/** What an operator's command takes. */
export interface CommandFlags<Flag extends string> {
  /** How it is called, e.g. `audit verify`. */
  command: string;
  usage: string;
  /** What each flag's value is. */
  flags: Readonly<Record<Flag, string>>;
  /** For words that belong to no flag: how values are written. */
  values?: string;
}

/** Flags by name, with their values in the order in which they were given. InputError for anything else. */
export function readFlags<Flag extends string>(
  args: readonly string[],
  spec: CommandFlags<Flag>,
): ReadonlyMap<Flag, readonly string[]> {
  const names = Object.keys(spec.flags) as Flag[];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' } as const]));
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const given = new Map<Flag, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') throw wrongUsage(spec, `“${token.value}” belongs to no flag.`, spec.values);
    if (token.kind !== 'option') continue;
    const name = names.find((one) => one === token.name);
    if (name === undefined) {
      const near = nearest(token.name, names);
      const advice = near === undefined ? '' : `Did you mean --${near}?`;
      throw wrongUsage(spec, `${spec.command} has no flag ${token.rawName}.`, advice);
    }
    given.set(name, [...(given.get(name) ?? []), requireValue(spec, name, token.value)]);
  }
  return given;
}

/** The value of a flag that is given once at most. */
export function onlyValue<Flag extends string>(
  spec: CommandFlags<Flag>,
  given: ReadonlyMap<Flag, readonly string[]>,
  flag: Flag,
): string | undefined {
  const [value, ...others] = given.get(flag) ?? [];
  if (others.length > 0) throw wrongUsage(spec, `--${flag} is given more than once.`);
  return value;
}

export function wrongUsage({ usage }: Pick<CommandFlags<string>, 'usage'>, message: string, advice = ''): InputError {
  return new InputError(message, { advice: [advice, `Usage: opsbot ${usage}`].filter(Boolean).join(' ') });
}

/** Also where the next flag was taken for the value; `-` alone is one. */
function requireValue<Flag extends string>(spec: CommandFlags<Flag>, flag: Flag, value = ''): string {
  if (/^(-.+)?$/.test(value)) throw wrongUsage(spec, `--${flag} needs a value: ${spec.flags[flag]}.`);
  return value;
}
