import type { AppSlice, PersonSlice } from '../../wire.ts';
import { searchEmoji } from '../ui/search-emoji.ts';
import type { Completion } from './completion.ts';

/** One thing that a word can become. */
export interface Suggestion {
  /** What is put into the text. */
  insert: string;
  /** Before the label: a person by id, or the character of an emoji. */
  person?: string;
  sign?: string;
  label: string;
  /** Softer, after the label. */
  about: string;
  /** Below both. */
  below?: string;
}

export interface Known {
  /** Its bot user. */
  app: string;
  people: readonly PersonSlice[];
  commands: readonly AppSlice['commands'][number][];
}

const SHOWN = 8;

/** What the word can become, the likeliest first. */
export function suggestionsFor({ kind, typed }: Completion, known: Known): Suggestion[] {
  const said = typed.toLowerCase();
  switch (kind) {
    case 'person':
      return peopleNamed(said, known).map(({ id, name, realName }) => ({
        insert: `@${name}`,
        person: id,
        label: name,
        about: realName === name ? '' : realName,
      }));
    case 'emoji':
      return searchEmoji(said, SHOWN).map(({ name, emoji }) => ({
        insert: `:${name}:`,
        sign: emoji,
        label: `:${name}:`,
        about: '',
      }));
    case 'command':
      return known.commands
        .filter(({ command }) => command.startsWith(said))
        .map(({ command, description, hint }) => ({
          insert: command,
          label: command,
          about: hint,
          below: description,
        }));
  }
}

/** The app first, then those who play here, by name. */
function peopleNamed(said: string, { people, app }: Known): PersonSlice[] {
  const order = ({ id, name }: PersonSlice) => `${id === app ? 0 : 1} ${name}`;
  return people
    .filter(({ id, playable }) => playable || id === app)
    .filter(({ name, realName }) => [name, ...realName.split(' ')].some((word) => word.toLowerCase().startsWith(said)))
    .sort((a, b) => (order(a) < order(b) ? -1 : 1))
    .slice(0, SHOWN);
}
