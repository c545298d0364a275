import { TROUBLES, type Trouble } from '../scene/scene.ts';
import type { Command, Deed } from './command.ts';
import { findVerb, VERBS } from './parse-deed.ts';

const PLAIN: ReadonlyMap<string, Command> = new Map([
  ['help', { do: 'help' }],
  ['?', { do: 'help' }],
  ['quit', { do: 'quit' }],
  ['exit', { do: 'quit' }],
  ['log', { do: 'log' }],
]);

/**
 * One line at the prompt. What begins with nothing that the sandbox knows is said in the channel, as people would
 * expect of a chat.
 */
export function parseLine(line: string, people: readonly string[]): Command {
  const text = line.trim();
  if (text === '') return { do: 'nothing' };
  const plain = PLAIN.get(text.toLowerCase());
  if (plain) return plain;
  const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
  const first = word.toLowerCase();
  if (first === 'as' && !/\s/.test(rest)) return become(rest, people);
  const trouble = TROUBLES.find((one) => one === first);
  if (trouble) return troubled(trouble, rest);
  const named = byName(text, people);
  if (named) return named;
  return act(undefined, word, rest) ?? said(undefined, text);
}

function become(rest: string, people: readonly string[]): Command {
  const who = rest.toLowerCase().replace(/^@/, '');
  return people.includes(who)
    ? { do: 'become', who }
    : { do: 'unclear', advice: `Nobody here is called ${who || '…'}. There are ${people.join(', ')}.` };
}

function troubled(what: Trouble, workload: string): Command {
  return /^\S+$/.test(workload)
    ? { do: 'trouble', what, workload }
    : { do: 'unclear', advice: `Say which workload: ${what} checkout` };
}

/** `bob: text`, `bob clicks Approve` */
function byName(text: string, people: readonly string[]): Command | undefined {
  const [, name = '', colon, rest = ''] = /^@?(\w+)(\s*:)?\s*(.*)$/s.exec(text) ?? [];
  const who = name.toLowerCase();
  if (!people.includes(who)) return undefined;
  if (colon !== undefined && rest !== '') return said(who, rest);
  const [, verb = '', more = ''] = /^(\S+)\s*(.*)$/s.exec(rest) ?? [];
  const forms = VERBS.map(({ form }) => form).join(' · ');
  return act(who, verb, more) ?? { do: 'unclear', advice: `${who} can: ${forms}` };
}

function act(who: string | undefined, word: string, rest: string): Command | undefined {
  const verb = findVerb(word);
  if (!verb) return undefined;
  const deed = verb.read(rest.trim());
  return deed ? { do: 'act', who, deed } : { do: 'unclear', advice: `It goes: ${verb.form}` };
}

function said(who: string | undefined, text: string): Command {
  const [, command, rest = ''] = /^(\/\S+)\s*(.*)$/s.exec(text) ?? [];
  const deed: Deed = command === undefined ? { do: 'say', text } : { do: 'slash', command, text: rest };
  return { do: 'act', who, deed };
}
