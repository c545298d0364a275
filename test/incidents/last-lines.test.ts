import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LOG_LIMIT } from '../../src/incidents/diagnosis.ts';
import { lastLines } from '../../src/incidents/last-lines.ts';
import { maskSecrets } from '../../src/incidents/mask.ts';
import { nasty } from '../views/nasty.ts';

const LIMIT = 65_536;
const KEY_LINE = 'MIIEpAIBAAKCAQEA7bq3ZK8mQ0vXc2u1pWn5sJ4dT6yRfHgLkBvNmQwErTyUiOp1';
/** Built at run time, so that no scanner takes a sample for a leak. */
const END = ['-----END RSA ', 'PRIVATE KEY-----'].join('');
const AWS_KEY = ['AKIA', 'IOSFODNN7EXAMPLE'].join('');

const shown = (text: string) => lastLines(text, LIMIT, maskSecrets);
const numbered = (count: number, width = 0) =>
  Array.from({ length: count }, (_, index) => `${index + 1}`.padEnd(width, '.'));

describe('lastLines', () => {
  test('are the last thirty', () => {
    expect(shown(`${numbered(100).join('\n')}\n`)).toBe(numbered(100).slice(70).join('\n'));
  });

  test('are fewer where they are long, each whole', () => {
    const lines = numbered(30, 200);
    expect(shown(lines.join('\n'))).toBe(lines.slice(-12).join('\n'));
  });

  test('cuts a long line and says so, after masking', () => {
    const line = `${'x'.repeat(280)} ${AWS_KEY} ${'y'.repeat(500)}`;
    expect(shown(`before\n${line}\nafter`)).toBe(`before\n${'x'.repeat(280)} ••• ${'y'.repeat(14)}…\nafter`);
  });

  test('of one endless line that the limit has cut are its end', () => {
    const text = `${'x'.repeat(LIMIT - 9)} the end\n`;
    expect(shown(text)).toBe(`…${`${'x'.repeat(299)} the end`.slice(-299)}`);
  });

  test('leave out a line whose beginning is lost', () => {
    const text = `ord=hunter2 ${'x'.repeat(LIMIT)}\nwhole line\n`.slice(-LIMIT);
    expect(shown(text)).toBe('whole line');
  });

  test.each([
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['NULs and bytes that were no UTF-8', 'a\u0000b \ufffd\ufffd', 'ab ?'],
    ['mentions and back-ticks stay, for the view to escape', '<!channel> ```x```', '<!channel> ```x```'],
    ['keys', `id ${AWS_KEY} used`, 'id ••• used'],
    ['keys that colours split', `id ${AWS_KEY.slice(0, 8)}\u001b[1m${AWS_KEY.slice(8)} used`, 'id ••• used'],
    ['nothing', ' \n\u001b[0m\n\n', ''],
  ])('%s', (_, text, clean) => {
    expect(shown(text)).toBe(clean);
  });

  test('hide a private key whose beginning lies before what was read, or before what is shown', () => {
    const key = `${KEY_LINE}\n`.repeat(100);
    expect(shown(`${key}${END}\npanic\n`)).toBe(`•••${END}\npanic`);
    expect(shown(`${`${key}${END}\n`.repeat(20)}panic\n`.slice(-LIMIT))).not.toContain(KEY_LINE);
  });

  test('never cut a character in half', () => {
    expect(shown('😀'.repeat(20_000)).isWellFormed()).toBe(true);
    expect(shown(`a${'😀'.repeat(200)}`).isWellFormed()).toBe(true);
    expect(shown(`a${'😀'.repeat(200)}`)).toHaveLength(300);
  });

  test('fit, whatever they are', () => {
    fc.assert(
      fc.property(nasty(2_000), fc.integer({ min: 1, max: 100 }), (text, times) => {
        const log = shown(text.repeat(times));
        expect(log.length).toBeLessThanOrEqual(LOG_LIMIT);
        expect(log.isWellFormed()).toBe(true);
      }),
    );
  });
});
