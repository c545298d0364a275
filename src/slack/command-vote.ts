import { plainText } from './command-text.ts';
import { splitWords } from './command-words.ts';

export interface Vote {
  kind: 'approve' | 'reject';
  id?: string;
  why?: string;
}

const APPROVE = ['approve', 'confirm', '✅', '✔️', '✔'];
const REJECT = ['reject', '❌'];

/** How a request's id looks, so that `reject r-7f3 too late` and `reject too late` can be told apart. */
const REQUEST_ID = /^(?:r-\w+|req-?\d+)$/i;

/**
 * A vote typed into a request's thread, without a mention. Strict, because a thread is also for talking: the whole
 * message has to be the word (and an id); only `reject` may be followed by why.
 */
export function voteWord(text: string): Vote | undefined {
  const plain = plainText(text);
  const [first, second, ...others] = plain
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  const verb = verdictOf(first ?? '');
  if (verb === undefined) return undefined;
  if (verb === 'reject') return { kind: 'reject', ...idAndWhy(plain.trim().slice((first ?? '').length)) };
  if (second === undefined) return { kind: 'approve' };
  const id = idOf(second);
  return others.length === 0 && id !== undefined ? { kind: 'approve', id } : undefined;
}

export function verdictOf(word: string): Vote['kind'] | undefined {
  const bare = splitWords(word)[0]?.text.toLowerCase() ?? '';
  const said = [word.toLowerCase(), bare];
  if (said.some((one) => APPROVE.includes(one))) return 'approve';
  return said.some((one) => REJECT.includes(one)) ? 'reject' : undefined;
}

/** What follows `reject` or `cancel`: perhaps an id, then the person's own words. */
export function idAndWhy(rest: string): { id?: string; why?: string } {
  const line = rest.trim().replace(/\s+/g, ' ');
  const [first = ''] = line.split(' ', 1);
  const id = idOf(first);
  const why = unquoted((id === undefined ? line : line.slice(first.length)).trim());
  return { ...(id === undefined ? {} : { id }), ...(why === '' ? {} : { why }) };
}

export function idOf(word: string): string | undefined {
  const bare = splitWords(word)[0]?.text ?? '';
  return REQUEST_ID.test(bare) ? bare.replace(/^R(?=-|eq)/i, 'r') : undefined;
}

function unquoted(text: string): string {
  const words = splitWords(text);
  const [only] = words;
  return words.length === 1 && only?.quoted === true ? only.text : text;
}
