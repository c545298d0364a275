import { describe, expect, it } from 'vitest';
import { introExamples, purposeOf } from './app/channel/intro-examples.ts';
import { reactionSentence } from './app/channel/reaction-words.ts';
import { showsEdited } from './app/channel/shows-edited.ts';
import { threadTitle } from './app/channel/thread-title.ts';
import { lastReply, repliesInWords } from './app/channel/thread-words.ts';
import { typedText } from './app/channel/typed-text.ts';
import { timeOf } from './app/ui/time.ts';
import type { MessageSlice } from './wire.ts';

describe('who reacted', () => {
  it.each([
    [['alice'], false, 'alice reacted with :eyes:'],
    [['alice', 'bob'], false, 'alice and bob reacted with :eyes:'],
    [['alice', 'bob', 'carol'], false, 'alice, bob and carol reacted with :eyes:'],
    [[], true, 'You reacted with :eyes:'],
    [['alice'], true, 'alice and you reacted with :eyes:'],
  ])('%j, me: %s', (names, isMine, sentence) => {
    expect(reactionSentence('eyes', names, isMine)).toBe(sentence);
  });
});

describe('a thread in words', () => {
  const now = new Date(2026, 4, 20, 18);
  const on = (day: number, hour: number) => new Date(2026, 4, day, hour, 12);
  const said = (date: Date) => lastReply(String(date.getTime() / 1000), now);

  it('says when the last reply came', () => {
    expect(said(on(20, 15))).toBe(`Last reply today at ${timeOf(on(20, 15))}`);
    expect(said(on(19, 15))).toBe(`Last reply yesterday at ${timeOf(on(19, 15))}`);
    expect(said(on(16, 18))).toBe('Last reply 4 days ago');
  });

  it.each([
    [':fire: *Deployment api* in `prod`: down', '🔥 Deployment api in prod: down'],
    ['a_b *c*\n_d_ 2 * 3', 'a_b c d 2 3'],
    ['<@UBOB> look', '@bob look'],
    ['', 'a message'],
    ['x'.repeat(90), `${'x'.repeat(80)}…`],
  ])('is called by how it begins: %j', (text, title) => {
    expect(threadTitle(text, (id) => ({ UBOB: 'bob' })[id])).toBe(title);
  });

  it('counts replies', () => {
    expect([repliesInWords(1), repliesInWords(3)]).toEqual(['1 reply', '3 replies']);
  });
});

describe('what was typed', () => {
  const nameOf = (id: string) => ({ UBOB: 'bob' })[id];

  it.each([
    ['<@UBOB> look', '@bob look'],
    ['<@UNOBODY>', '@UNOBODY'],
    ['in <#C1|ops>, <!here>', 'in #ops, @here'],
    ['<!subteam^S1|@sre>', '@sre'],
    ['see <https://example.com/a?b=1&amp;c=2>', 'see https://example.com/a?b=1&c=2'],
    ['see <http://example.com|example.com>', 'see example.com'],
    ['<mailto:a@example.com|a@example.com>', 'a@example.com'],
    ['1 &lt; 2 &amp;amp; 3', '1 < 2 &amp; 3'],
  ])('%s', (text, typed) => {
    expect(typedText(text, nameOf)).toBe(typed);
  });
});

describe('what was edited', () => {
  const message = (rest: Partial<MessageSlice>) =>
    ({ edited: true, blocks: [], attachments: [], ...rest }) as unknown as MessageSlice;
  const blocks = [{ type: 'section' }];

  it('is marked where a person or a plain text of an app was changed', () => {
    expect(showsEdited(message({ blocks }), false)).toBe(true);
    expect(showsEdited(message({}), true)).toBe(true);
    expect(showsEdited(message({ edited: false }), false)).toBe(false);
  });

  it('is not marked on an app’s cards', () => {
    expect(showsEdited(message({ blocks }), true)).toBe(false);
    expect(showsEdited(message({ attachments: [{ blocks }] }), true)).toBe(false);
  });
});

describe('the beginning of a channel', () => {
  it('offers what works there', () => {
    const ops = purposeOf({ kind: 'channel', name: 'ops' });
    expect(introExamples(ops, { isGiven: false })).toContain('@opsbot scale deployment nginx 5');
    expect(introExamples(ops, { isGiven: true }).join()).not.toContain('nginx');
    const direct = introExamples(purposeOf({ kind: 'im', name: '' }), { isGiven: false });
    expect(direct.filter((line) => line.startsWith('@'))).toEqual([]);
    expect(introExamples(purposeOf({ kind: 'channel', name: 'alerts' }), { isGiven: false })).toEqual([]);
  });
});
