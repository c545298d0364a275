import type { Word } from '../actions/action.ts';
import { readNumber } from './command-flags.ts';
import { readKind } from './command-kinds.ts';
import type { Token } from './command-words.ts';

export type Input = Record<string, unknown>;

/** The first pattern that takes every word, with what the words mean; undefined where none fits. */
export function matchPatterns(patterns: readonly (readonly Word[])[], words: readonly Token[]): Input | undefined {
  for (const pattern of patterns) {
    const input = match(pattern, words);
    if (input !== undefined) return input;
  }
  return undefined;
}

function match(pattern: readonly Word[], words: readonly Token[]): Input | undefined {
  const [word, ...others] = pattern;
  if (word === undefined) return words.length === 0 ? {} : undefined;
  for (const { takes, input } of readings(word, words)) {
    const rest = match(others, words.slice(takes));
    if (rest !== undefined) return { ...input, ...rest };
  }
  return undefined;
}

/** Everything that the next word of a pattern can mean here, the longest reading first. */
function readings(word: Word, words: readonly Token[]): { takes: number; input: Input }[] {
  const [first, second] = words;
  if (first === undefined) return [];
  if (typeof word === 'object') {
    const value = readNumber(first.text);
    return value === undefined ? [] : [{ takes: 1, input: { [word.integer]: value } }];
  }
  const plain = first.text.includes('/') ? [] : [{ takes: 1, name: nameOf(first) }];
  switch (word) {
    case 'namespace':
      return plain.map(({ takes, name }) => ({ takes, input: { namespace: name } }));
    case 'pod': {
      const named = withKind(first, second).filter(({ kind }) => kind === 'Pod');
      return [...named, ...plain].map(({ takes, name }) => ({ takes, input: { pod: name } }));
    }
    case 'workload': {
      const named = withKind(first, second).filter(({ kind }) => kind !== 'Pod');
      return [
        ...named.map(({ takes, kind, name }) => ({ takes, input: { workload: { kind, name } } })),
        ...plain.map(({ takes, name }) => ({ takes, input: { workload: { name } } })),
      ];
    }
  }
}

/** `deployment nginx` and `deploy/nginx`. */
function withKind(first: Token, second: Token | undefined) {
  const [before = '', after, ...others] = first.text.split('/');
  const kind = readKind(before);
  if (kind === undefined || others.length > 0) return [];
  if (after !== undefined) return [{ takes: 1, kind, name: after.toLowerCase() }];
  return second === undefined || second.text.includes('/') ? [] : [{ takes: 2, kind, name: nameOf(second) }];
}

/** Kubernetes names have no capitals; phones begin a line with one. */
function nameOf(token: Token): string {
  return token.text.toLowerCase();
}
