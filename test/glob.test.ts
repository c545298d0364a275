import { describe, expect, it } from 'vitest';
import { globMatches } from '../src/glob.ts';

describe('globMatches', () => {
  it.each([
    ['*', 'anything', true],
    ['prod-*', 'prod-eu', true],
    ['prod-*', 'prod', false],
    ['*-db-*', 'a-db-1', true],
    ['a.c', 'abc', false],
    ['api', 'api', true],
    ['api', 'api-1', false],
    ['', '', true],
    ['', 'a', false],
    ['**', '', true],
    ['ab*ba', 'aba', false],
    ['ab*ba', 'abba', true],
    ['a*b*a', 'aba', true],
    ['a*ba*ba', 'aba', false],
    ['*ab*ab', 'ab', false],
    ['*ab*ab', 'abab', true],
    ['*\n*', 'a\nb', true],
    [`${'*a'.repeat(30)}b`, 'a'.repeat(253), false],
  ])('%s on %s: %s', (pattern, text, expected) => {
    expect(globMatches(pattern, text)).toBe(expected);
  });
});
