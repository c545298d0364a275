import { describe, expect, it } from 'vitest';
import { globMatches } from '../src/glob.ts';

describe('globMatches', () => {
  it.each([
    ['*', 'anything', true],
    ['prod-*', 'prod-eu', true],
    ['prod-*', 'prod', false],
    ['*-db-*', 'a-db-1', true],
    ['a.c', 'abc', false],
  ])('%s on %s: %s', (pattern, text, expected) => {
    expect(globMatches(pattern, text)).toBe(expected);
  });
});
