import { describe, expect, test } from 'vitest';
import { cleanText } from '../../src/incidents/clean-text.ts';

describe('cleanText', () => {
  test.each([
    ['colours', '\u001b[31mred\u001b[0m plain', 'red plain'],
    ['titles and links', '\u001b]0;title\u0007a \u001b]8;;http://x\u001b\\b', 'a b'],
    ['a lone escape', 'a\u001b', 'a'],
    ['a sequence that is cut', 'a\u001b[12', 'a'],
    ['line ends', 'a\r\nb\rc\r\r\nd\n', 'a\nb\nc\nd\n'],
    ['controls, but tabs and line ends', 'a\u0000b\u0008\tc\nd', 'ab\tc\nd'],
    ['marks that turn text around', 'a\u202eb\u2066c', 'abc'],
    ['bytes that were no UTF-8', 'a\ufffd\ufffd\ufffdb', 'a?b'],
    ['half a pair', 'a\ud83db', 'a?b'],
    ['whole pairs stay', 'a😀b', 'a😀b'],
  ])('%s', (_, text, clean) => {
    expect(cleanText(text)).toBe(clean);
  });

  test('cuts long lines and says so, and leaves the others', () => {
    expect(cleanText(`short\n${'x'.repeat(30)}\nend`, 10)).toBe('short\nxxxxxxxxxx … [20 more characters]\nend');
  });

  test('never cuts a character in half', () => {
    expect(cleanText('123456789😀tail', 10)).toBe('123456789 … [6 more characters]');
  });

  test('10 MB of escapes', () => {
    expect(cleanText('\u001b[0;'.repeat(2_000_000))).toBe('');
  });

  test('10 MB of carriage returns', () => {
    expect(cleanText(`${'\r'.repeat(10_000_000)}x`)).toBe('\nx');
  });
});
