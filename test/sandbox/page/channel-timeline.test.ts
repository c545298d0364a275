import { describe, expect, it } from 'vitest';
import { channelMessages, lastOwn, readUpTo, repliesOf, threadTimeline, timelineOf } from './app/channel/timeline.ts';
import { message } from './message-of.ts';
import type { MessageSlice } from './wire.ts';

const NOW = new Date(2026, 4, 20, 12);
const at = (hours: number, minutes = 0, day = 20) =>
  (new Date(2026, 4, day, hours, minutes).getTime() / 1000).toFixed(6);

/** The list in a few words: `day`, `new`, `UALICE`, and in brackets whoever is not named again. */
function shown(messages: readonly MessageSlice[], newAfter?: string): string[] {
  return timelineOf(messages, { me: 'UALICE', newAfter, now: NOW }).map((item) => {
    if (item.kind === 'message') return item.isCompact ? `(${item.message.by})` : item.message.by;
    return item.kind === 'day' && item.isNew ? 'new day' : item.kind;
  });
}

describe('what stands in a channel', () => {
  it('is in the order of time, without replies but those that were sent to the channel, too', () => {
    const root = message(at(9), 'UALICE', { thread: at(9), replies: 2 });
    const reply = message(at(9, 1), 'UBOB', { thread: at(9) });
    const broadcast = message(at(9, 2), 'UBOB', { thread: at(9), isBroadcast: true });
    const mine = message(at(9, 3), 'UOPSBOT', { ephemeral: true });
    const inThread = message(at(9, 4), 'UOPSBOT', { ephemeral: true, thread: at(9) });
    const all = [inThread, broadcast, mine, reply, root];
    expect(channelMessages(all)).toEqual([root, broadcast, mine]);
    expect(repliesOf(all, root.ts)).toEqual([reply, broadcast, inThread]);
  });

  it('begins each day with its name', () => {
    const days = [message(at(23, 59, 19), 'UBOB'), message(at(0, 1), 'UBOB'), message(at(9), 'UBOB')];
    expect(shown(days)).toEqual(['day', 'UBOB', 'day', 'UBOB', 'UBOB']);
  });

  it('names nobody twice within five minutes', () => {
    const run = [
      message(at(9), 'UBOB'),
      message(at(9, 4), 'UBOB'),
      message(at(9, 8), 'UBOB'),
      message(at(9, 13), 'UBOB'),
      message(at(9, 14), 'UALICE'),
    ];
    expect(shown(run)).toEqual(['day', 'UBOB', '(UBOB)', '(UBOB)', 'UBOB', 'UALICE']);
  });

  it.each<[string, Partial<MessageSlice>]>([
    ['is for one person alone', { ephemeral: true }],
    ['was deleted', { deleted: true }],
    ['is of a thread', { isBroadcast: true, thread: '1.0' }],
    ['has a coloured bar', { attachments: [{ color: 'ff0000' }] }],
  ])('names the author of what %s, and of what follows', (_, special) => {
    const messages = [message(at(9), 'UBOB'), message(at(9, 1), 'UBOB', special), message(at(9, 2), 'UBOB')];
    expect(shown(messages)).toEqual(['day', 'UBOB', 'UBOB', 'UBOB']);
  });

  it('names the author again after a thread', () => {
    const messages = [message(at(9), 'UBOB', { replies: 1 }), message(at(9, 1), 'UBOB')];
    expect(shown(messages)).toEqual(['day', 'UBOB', 'UBOB']);
  });

  it('has a line before the first message of somebody else that is unread', () => {
    const messages = [
      message(at(9), 'UBOB'),
      message(at(9, 1), 'UALICE'),
      message(at(9, 2), 'UBOB'),
      message(at(9, 3), 'UBOB'),
    ];
    expect(shown(messages, at(9))).toEqual(['day', 'UBOB', 'UALICE', 'new', 'UBOB', '(UBOB)']);
    expect(shown(messages, '0')).toEqual(['new day', 'UBOB', 'UALICE', 'UBOB', '(UBOB)']);
    expect(shown(messages, at(9, 3))).toEqual(['day', 'UBOB', 'UALICE', 'UBOB', '(UBOB)']);
  });

  it('does not count as unread what nobody else sees', () => {
    expect(shown([message(at(9), 'UOPSBOT', { ephemeral: true })], '0')).toEqual(['day', 'UOPSBOT']);
  });
});

describe('a thread', () => {
  const root = message(at(9), 'UALICE', { thread: at(9), replies: 2 });
  const replies = [
    message(at(9, 1), 'UBOB', { thread: at(9) }),
    message(at(9, 2), 'UALICE', { thread: at(9) }),
    message(at(9, 3), 'UBOB', { thread: at(9) }),
  ];
  const kinds = (newAfter: string | undefined, of: MessageSlice = root) =>
    threadTimeline(of, replies, { me: 'UALICE', newAfter, now: NOW }).map(({ kind }) => kind);

  it('says how many replies there are, and no days', () => {
    expect(kinds(undefined)).toEqual(['message', 'replies', 'message', 'message', 'message']);
  });

  it('has the line of what is unread, wherever it begins', () => {
    expect(kinds('0')).toEqual(['message', 'replies', 'new', 'message', 'message', 'message']);
    expect(kinds(at(9, 1))).toEqual(['message', 'replies', 'message', 'message', 'new', 'message']);
  });

  it('has no count where nobody has replied', () => {
    const items = threadTimeline({ ...root, replies: 0 }, [], { me: 'UALICE', newAfter: undefined, now: NOW });
    expect(items.map(({ kind }) => kind)).toEqual(['message']);
  });

  it.each([
    [0, at(9, 3)],
    [1, at(9, 1)],
    [2, '0'],
  ])('was read up to where %i replies of others are unread', (unread, ts) => {
    expect(readUpTo(replies, { me: 'UALICE', unread })).toBe(ts);
  });
});

describe('what one has said last', () => {
  it('is what can still be changed', () => {
    const messages = [
      message(at(9), 'UALICE'),
      message(at(9, 1), 'UBOB'),
      message(at(9, 2), 'UALICE', { deleted: true }),
      message(at(9, 3), 'UALICE', { ephemeral: true }),
    ];
    expect(lastOwn(messages, 'UALICE')).toBe(at(9));
    expect(lastOwn(messages, 'UCAROL')).toBeUndefined();
  });
});
