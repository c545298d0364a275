import { describe, expect, it } from 'vitest';
import { fileSize } from './app/blocks/file-size.ts';
import { formatDate } from './app/blocks/text/format-date.ts';
import { bareWords, wordsOf } from './app/blocks/text/plain-text.ts';

describe('a date', () => {
  const seconds = Date.parse('2026-02-18T14:39:42Z') / 1000;
  const at = (now: string, timeZone = 'UTC') => ({ now: new Date(now), timeZone });
  const later = at('2026-06-01T00:00:00Z');

  it.each([
    ['{date_num}', '2026-02-18'],
    ['{date}', 'February 18th, 2026'],
    ['{date_short}', 'Feb 18, 2026'],
    ['{date_long}', 'Wednesday, February 18th, 2026'],
    ['{date_pretty}', 'February 18th, 2026'],
    ['{date_short_pretty} at {time}', 'Feb 18, 2026 at 2:39 PM'],
    ['{date_long_pretty}', 'Wednesday, February 18th, 2026'],
    ['{time_secs}', '2:39:42 PM'],
    ['{ago}', '102 days ago'],
    ['{nothing}', '{nothing}'],
  ])('is %s', (format, expected) => {
    expect(formatDate(seconds, format, later)).toBe(expected);
  });

  it.each([
    ['2026-02-18T23:59:00Z', 'today'],
    ['2026-02-19T00:01:00Z', 'yesterday'],
    ['2026-02-17T23:59:00Z', 'tomorrow'],
    ['2026-02-20T00:01:00Z', 'Feb 18, 2026'],
  ])('at %s is %s', (now, expected) => {
    expect(formatDate(seconds, '{date_short_pretty}', at(now))).toBe(expected);
  });

  it('is of the day that the reader has', () => {
    const tokyo = at('2026-02-18T14:40:00Z', 'Asia/Tokyo');
    expect(formatDate(seconds, '{date_num} {time}', tokyo)).toBe('2026-02-18 11:39 PM');
    expect(formatDate(seconds + 3600, '{date_short_pretty}', tokyo)).toBe('tomorrow');
  });

  it.each([
    [1, '1st'],
    [2, '2nd'],
    [3, '3rd'],
    [4, '4th'],
    [11, '11th'],
    [12, '12th'],
    [13, '13th'],
    [21, '21st'],
  ])('counts day %i as %s', (day, ordinal) => {
    expect(formatDate(Date.UTC(2026, 0, day) / 1000, '{date}', later)).toBe(`January ${ordinal}, 2026`);
  });
});

describe('plain text', () => {
  it('shows emoji, and nothing else in another form', () => {
    expect(wordsOf({ type: 'plain_text', text: ':warning: *not bold* &lt; :nothing:' })).toBe(
      '⚠️ *not bold* &lt; :nothing:',
    );
    expect(wordsOf(undefined)).toBe('');
  });

  it('shows emoji in colour', () => {
    expect(wordsOf(':gear: :new: :large_green_circle:')).toBe('⚙\ufe0f 🆕 🟢');
  });

  it('names a control by what stands beside it, without signs', () => {
    expect(bareWords('*Namespace* of `a_b` &amp;\n<https://x.y|more>')).toBe('Namespace of a_b & more');
  });
});

it.each([
  [999, '999 bytes'],
  [1000, '1 kB'],
  [84_512, '85 kB'],
  [1_440_000, '1.4 MB'],
])('a file of %i bytes has %s', (bytes, expected) => {
  expect(fileSize(bytes)).toBe(expected);
});
