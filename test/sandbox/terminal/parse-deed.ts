import type { Deed } from './command.ts';

type Read = (rest: string) => Deed | undefined;

/** `Approve on 12` → Approve, 12 */
function withNumber(rest: string): { text: string; on: number | undefined } {
  const match = /^(.*?)(?:\s+on\s+#?(\d{1,9}))?$/i.exec(rest);
  const [, text = '', number] = match ?? [];
  return { text: unquoted(text.trim()), on: number === undefined ? undefined : Number(number) };
}

const unquoted = (text: string) => text.replace(/^(["'“‘])(.*)["'”’]$/, '$2');

const numbered =
  (make: (text: string, on: number | undefined) => Deed): Read =>
  (rest) => {
    const { text, on } = withNumber(rest);
    return text === '' ? undefined : make(text, on);
  };

const spoken =
  (make: (text: string) => Deed): Read =>
  (rest) => {
    const text = rest.replace(/^:\s*/, '');
    return text === '' ? undefined : make(text);
  };

/** `Replicas: 5`, `Replicas = 5`, `Replicas with 5` */
const field =
  (make: (label: string, value: string) => Deed): Read =>
  (rest) => {
    const [, label = '', value = ''] = /^(.+?)\s*(?::|=|\swith\s)\s*(.*)$/i.exec(rest) ?? [];
    return label === '' ? undefined : make(unquoted(label.trim()), unquoted(value.trim()));
  };

const alone =
  (deed: Deed): Read =>
  (rest) =>
    rest === '' ? deed : undefined;

function reply(rest: string): Deed | undefined {
  const [, number, text = ''] = /^(?:to\s+#?(\d{1,9})\s*:?\s*)?(.*)$/i.exec(rest.replace(/^:\s*/, '')) ?? [];
  return text === '' ? undefined : { do: 'reply', text, on: number === undefined ? undefined : Number(number) };
}

interface Verb {
  words: readonly string[];
  form: string;
  read: Read;
}

export const VERBS: readonly Verb[] = [
  { words: ['says', 'say'], form: 'says TEXT', read: spoken((text) => ({ do: 'say', text })) },
  { words: ['replies', 'reply'], form: 'replies [to NUMBER] TEXT', read: reply },
  { words: ['dms', 'dm'], form: 'dm TEXT', read: spoken((text) => ({ do: 'dm', text })) },
  {
    words: ['clicks', 'click'],
    form: 'clicks BUTTON [on NUMBER]',
    read: numbered((label, on) => ({ do: 'click', label, on })),
  },
  {
    words: ['reacts', 'react'],
    form: 'reacts ✅ [on NUMBER]',
    read: numbered((emoji, on) => ({ do: 'react', emoji: emoji.replace(/^with\s+/i, ''), on })),
  },
  {
    words: ['unreacts', 'unreact'],
    form: 'unreacts ✅ [on NUMBER]',
    read: numbered((emoji, on) => ({ do: 'unreact', emoji, on })),
  },
  {
    words: ['runs', 'run'],
    form: 'runs SHORTCUT [on NUMBER]',
    read: numbered((shortcut, on) => ({ do: 'run', shortcut, on })),
  },
  {
    words: ['chooses', 'choose'],
    form: 'chooses FIELD: VALUE [on NUMBER]',
    read: field((label, value) => {
      const { text, on } = withNumber(value);
      return { do: 'choose', label, value: text, on };
    }),
  },
  {
    words: ['fills', 'fill'],
    form: 'fills FIELD: VALUE',
    read: field((label, value) => ({ do: 'fill', label, value })),
  },
  { words: ['submits', 'submit'], form: 'submits', read: alone({ do: 'submit' }) },
  { words: ['closes', 'close'], form: 'closes', read: alone({ do: 'close' }) },
  { words: ['home', 'opens'], form: 'home', read: (rest) => (/^(home)?$/i.test(rest) ? { do: 'home' } : undefined) },
];

export const findVerb = (word: string): Verb | undefined =>
  VERBS.find(({ words }) => words.includes(word.toLowerCase()));
