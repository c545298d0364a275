import { describe, expect, it } from 'vitest';
import { announced, announcement } from './app/channel/announced.ts';
import { message } from './message-of.ts';
import type { MessageSlice } from './wire.ts';

const heard = (messages: readonly MessageSlice[], thread?: string) =>
  announced(messages, { me: 'UALICE', after: '5.0', thread }).map(({ ts }) => ts);

describe('what is read out', () => {
  it('is what others have said since, in the order of time', () => {
    const messages = [message('8.0', 'UBOB'), message('6.0', 'UBOB'), message('7.0', 'UALICE'), message('4.0', 'UBOB')];

    expect(heard(messages)).toEqual(['6.0', '8.0']);
  });

  it.each([
    ['in a thread that they have begun', message('1.0', 'UALICE', { thread: '1.0' }), undefined, ['6.0']],
    ['in a thread that is open', message('1.0', 'UBOB', { thread: '1.0' }), '1.0', ['6.0']],
    ['not in another thread', message('1.0', 'UBOB', { thread: '1.0' }), undefined, []],
  ])('is a reply %s', (_, root, thread, ts) => {
    expect(heard([root, message('6.0', 'UCAROL', { thread: '1.0' })], thread)).toEqual(ts);
  });

  it('is a reply that is shown in the channel, too', () => {
    expect(heard([message('6.0', 'UBOB', { thread: '1.0', isBroadcast: true })])).toEqual(['6.0']);
  });

  it('is not what was deleted', () => {
    expect(heard([message('6.0', 'UBOB', { deleted: true })])).toEqual([]);
  });

  it('is at most five messages, the newest', () => {
    const messages = Array.from({ length: 7 }, (_, index) => message(`${11 + index}.0`, 'UBOB'));

    expect(heard(messages)).toEqual(['13.0', '14.0', '15.0', '16.0', '17.0']);
  });
});

it.each([
  ['opsbot: Done.', {}],
  ['opsbot replied: Done.', { thread: '1.0' }],
  ['opsbot, only visible to you: Done.', { thread: '1.0', ephemeral: true }],
])('says who says it and to whom: %s', (words, rest) => {
  expect(announcement(message('6.0', 'UOPSBOT', rest), { name: 'opsbot', words: 'Done.' })).toBe(words);
});
