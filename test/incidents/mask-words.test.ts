import { describe, expect, it } from 'vitest';
import { maskWords } from '../../src/incidents/mask-words.ts';

describe('words that leave the agent', () => {
  it('show no secret that a colour code divides', () => {
    expect(maskWords('key AKIA\u001b[31mIOSFODNN7EXAMPLE')).toBe('key •••');
  });

  it.each([
    ['a key', 'AKIAIOSFODNN7EXAMPLE', 'AKIA'],
    ['a password', 'postgres://app:hunter22@db', 'hunter'],
  ])('show no half of %s where a long line is cut', (_, secret, half) => {
    for (let before = 3_960; before < 4_000; before++) {
      const masked = maskWords(`${'x'.repeat(before)} ${secret} ${'y'.repeat(9)}`);
      expect(masked).not.toContain(half);
    }
  });

  it('are cut where a line is too long all the same', () => {
    expect(maskWords('x'.repeat(10_000))).toBe(`${'x'.repeat(4_000)} … [6000 more characters]`);
  });
});
