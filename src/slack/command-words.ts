import { MENTION } from './command-text.ts';

export interface Token {
  text: string;
  /** Begins with a quote: it is never a flag, and nothing was trimmed from it. */
  quoted: boolean;
}

const QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '“': '”“"',
  '”': '”“"',
  '„': '“”"',
  '«': '»',
  '‘': "’‘'",
  '’': "’‘'",
};
/** Code, bold, italic and strike marks, and what stands around words in a sentence. */
const DECORATION_BEFORE = '`*_~([\'"“”„‘’«';
const DECORATION_AFTER = '`*_~)].,!?;:\'"“”‘’»';

/**
 * Splits a line into words as a shell would, but forgivingly: quotes of every kind hold words together, a backslash takes
 * the next quote, backslash or space literally, and formatting or punctuation around a word is dropped.
 */
export function splitWords(line: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < line.length) {
    if (/\s/.test(line.charAt(at))) {
      at += 1;
      continue;
    }
    const { token, end } = readToken(line, at);
    if (token !== undefined) tokens.push(token);
    at = end;
  }
  return tokens;
}

/** Each letter with whether it is meant literally; only the others are trimmed. */
interface Letter {
  char: string;
  literal: boolean;
}

function readToken(line: string, start: number): { token: Token | undefined; end: number } {
  const letters: Letter[] = [];
  let at = start;
  let quoted = false;
  while (at < line.length && !/\s/.test(line.charAt(at))) {
    const char = line.charAt(at);
    const close = mayOpen(letters) ? closingQuote(line, at) : undefined;
    if (close !== undefined) {
      quoted ||= trimmed(letters) === '';
      const inner = unescaped(line.slice(at + 1, close)).replaceAll(MENTION, '');
      letters.push(...[...inner].map((one) => ({ char: one, literal: true })));
      at = close + 1;
    } else if (char === '\\' && /["'\\\s]/.test(line.charAt(at + 1))) {
      letters.push({ char: line.charAt(at + 1), literal: true });
      at += 2;
    } else {
      letters.push({ char, literal: false });
      at += 1;
    }
  }
  const text = trimmed(letters);
  const dropped = (text === '' && !quoted) || text.startsWith(MENTION);
  return { token: dropped ? undefined : { text, quoted }, end: at };
}

/** An apostrophe within a word (`don't`) is no quote. */
function mayOpen(letters: readonly Letter[]): boolean {
  const last = letters.at(-1);
  return last === undefined || (!last.literal && (last.char === '=' || trimmed(letters) === ''));
}

/** Where the quote that opens here ends; undefined where none opens or it never closes: a stray mark. */
function closingQuote(line: string, open: number): number | undefined {
  const closers = QUOTES[line.charAt(open)];
  if (closers === undefined) return undefined;
  for (let at = open + 1; at < line.length; at++) {
    if (line.charAt(at) === '\\') at += 1;
    else if (closers.includes(line.charAt(at))) return at;
  }
  return undefined;
}

function unescaped(text: string): string {
  return text.replace(/\\(["'\\])/g, '$1');
}

function trimmed(letters: readonly Letter[]): string {
  let from = 0;
  let to = letters.length;
  const drops = (letter: Letter | undefined, marks: string) =>
    letter !== undefined && !letter.literal && marks.includes(letter.char);
  while (from < to && drops(letters[from], DECORATION_BEFORE)) from += 1;
  while (to > from && drops(letters[to - 1], DECORATION_AFTER)) to -= 1;
  return letters
    .slice(from, to)
    .map((letter) => letter.char)
    .join('');
}
