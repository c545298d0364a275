import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completed, completionAt } from './app/channel/completion.ts';
import { suggestionsFor } from './app/channel/suggestions.ts';
import { searchEmoji } from './app/ui/search-emoji.ts';
import type { PersonSlice } from './wire.ts';

const person = (name: string, realName: string, rest: Partial<PersonSlice> = {}): PersonSlice => ({
  id: `U${name.toUpperCase()}`,
  name,
  realName,
  isApp: false,
  note: undefined,
  playable: false,
  ...rest,
});

const known = {
  people: [
    person('erin', 'Erin Alba', { playable: true }),
    person('alertbot', 'Alertbot', { isApp: true }),
    person('dave', 'Dave'),
    person('bob', 'Robert Smith', { playable: true }),
    person('alice', 'Alice', { playable: true }),
    person('opsbot', 'opsbot', { isApp: true }),
  ],
  app: 'UOPSBOT',
  commands: [{ command: '/opsbot', description: 'Ask opsbot', hint: 'help' }],
};

/** What is offered where the caret stands, `|`. */
function offered(marked: string): string[] {
  const caret = marked.indexOf('|');
  const completion = completionAt(marked.replace('|', ''), caret);
  return completion ? suggestionsFor(completion, known).map(({ insert }) => insert) : [];
}

describe('what a word can become', () => {
  it.each([
    ['@|', ['@opsbot', '@alice', '@bob', '@erin']],
    ['hi @al|', ['@alice', '@erin']],
    ['hi (@ROB| and', ['@bob']],
    ['@smith|', ['@bob']],
    ['mail me@al|', []],
    ['@alice |', []],
    ['/|', ['/opsbot']],
    ['/ops|', ['/opsbot']],
    ['see /ops|', []],
    ['/opsbot |', []],
    [':t|', []],
    ['at 10:30|', []],
  ])('%s', (marked, inserts) => {
    expect(offered(marked)).toEqual(inserts);
  });

  it('is an emoji from two letters on, the best match first', () => {
    expect(offered('nice :tad|')[0]).toBe(':tada:');
    expect(offered(':+1|')).toContain(':+1:');
  });

  it('takes the place of the word, and the caret goes on after a blank', () => {
    const text = 'hi @al, you';
    const completion = completionAt(text, 6);
    expect(completion && completed(text, completion, '@alice')).toEqual({ text: 'hi @alice , you', caret: 10 });
  });

  it('adds no second blank', () => {
    const completion = completionAt('@al is', 3);
    expect(completion && completed('@al is', completion, '@alice')).toEqual({ text: '@alice is', caret: 7 });
  });

  it('is found for whatever is typed', () => {
    const text = fc
      .array(fc.constantFrom('@', ':', '/', ' ', 'a', '+', '(', '[', '\\', '*', '\n'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.nat(12), (typed, caret) => {
        const completion = completionAt(typed, Math.min(caret, typed.length));
        return completion === undefined || suggestionsFor(completion, known).length <= 8;
      }),
    );
  });
});

describe('emoji by name', () => {
  it.each(['(', '*', '+', '[a', '\\', '.'])('takes %s as it stands', (typed) => {
    expect(searchEmoji(typed, 3).every(({ name }) => name.includes(typed))).toBe(true);
  });

  it('reads blanks and colons as people type them', () => {
    expect(searchEmoji(':white check', 5).map(({ name }) => name)).toContain('white_check_mark');
  });
});
