import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ago,
  code,
  codeBlock,
  counted,
  cut,
  duration,
  escaped,
  grouped,
  mention,
  quoted,
  short,
  when,
} from '../../views/text.ts';
import { nasty } from './nasty.ts';
import { NOW } from './request-of.ts';
import { ALARM } from './shown.ts';

const UNFINISHED_ENTITY = /&(?!(amp|lt|gt);)/;

describe('text from elsewhere', () => {
  test('cannot mention, link or page', () => {
    expect(escaped('<!channel> & <@UEVIL>')).toBe('&lt;!channel&gt; &amp; &lt;@UEVIL&gt;');
    fc.assert(fc.property(nasty(), (text) => !ALARM.test(escaped(text)) && !UNFINISHED_ENTITY.test(escaped(text))));
  });

  test('loses what hides or reorders its neighbours, and stays well-formed', () => {
    expect(escaped('a\u202eb\u0000c\ud800d\te\n')).toBe('abc\ufffdd\te\n');
  });

  test('cannot end a code block or inline code', () => {
    fc.assert(
      fc.property(nasty(), (text) => {
        expect(code(text).slice(1, -1)).not.toMatch(/[`\n]/);
        expect(codeBlock(text).slice(3, -3)).not.toContain('`');
      }),
    );
    expect(code('')).toBe('`-`');
    expect(code('a\n b`')).toBe('`a bˋ`');
  });

  test('is cut without splitting a character or an entity', () => {
    expect(cut('abcdef', 6)).toBe('abcdef');
    expect(cut('abcdefg', 6)).toBe('abcde…');
    expect(short('ab&&', 6)).toBe('ab…');
    expect(cut('ab😀cd', 4)).toBe('ab…');
    fc.assert(
      fc.property(nasty(), fc.integer({ min: 1, max: 300 }), (text, max) => {
        const result = short(text, max);
        expect(result.length).toBeLessThanOrEqual(max);
        expect(result.isWellFormed()).toBe(true);
        expect(result).not.toMatch(UNFINISHED_ENTITY);
      }),
    );
  });

  test('as a quote is marked on every line and never grows without bound', () => {
    expect(quoted('a\n<b>', 100)).toBe('> a\n> &lt;b&gt;');
    expect(quoted(`x${'\n'.repeat(1000)}y`, 1500).length).toBeLessThan(100);
  });
});

describe('words for people', () => {
  test('a moment is shown in the reader’s own time zone', () => {
    expect(when(NOW)).toBe('<!date^1793675655^{date_short_pretty} {time}|2026-11-03 03:14 UTC>');
  });

  test('large numbers are grouped by thousands, as the language data would have it', () => {
    fc.assert(fc.property(fc.nat(), (count) => grouped(count) === count.toLocaleString('en-US')));
  });

  test('only Slack ids become mentions', () => {
    expect(mention('U0123')).toBe('<@U0123>');
    expect(mention('S0123')).toBe('<!subteam^S0123>');
    expect(mention('@sre')).toBe('@sre');
    expect(mention('<!here>')).toBe('&lt;!here&gt;');
  });

  test.each([
    [0, 'just now'],
    [-5000, 'just now'],
    [40_000, '40 s ago'],
    [12 * 60_000, '12 min ago'],
    [3 * 3_600_000, '3 h ago'],
    [60 * 3_600_000, '3 d ago'],
  ])('%i ms is %s', (ms, words) => {
    expect(ago(NOW - ms, NOW)).toBe(words);
  });

  test('counts and durations', () => {
    expect(duration(89_000)).toBe('89 s');
    expect(counted(1, 'pod')).toBe('1 pod');
    expect(counted(10_000, 'pod')).toBe('10,000 pods');
  });
});
