import { describe, expect, it } from 'vitest';
import { answeredInThread } from './app/channel/answered-in-thread.ts';
import { sendingOf } from './app/channel/sending.ts';
import type { MessageSlice } from './wire.ts';

const COMMANDS = [{ command: '/opsbot' }];
const send = (typed: string, thread?: string) => sendingOf(typed, { channel: 'COPS', thread }, COMMANDS);

describe('Enter', () => {
  it('says what is typed', () => {
    expect(send(' hello\nall ')).toEqual({
      gesture: { do: 'say', channel: 'COPS', text: 'hello\nall', thread: undefined },
    });
    expect(send('yes', '1.0')).toEqual({ gesture: { do: 'say', channel: 'COPS', text: 'yes', thread: '1.0' } });
  });

  it.each(['', '   ', '\n'])('sends nothing of %j', (typed) => {
    expect(send(typed)).toBeUndefined();
  });

  it.each([
    ['/opsbot', ''],
    ['/opsbot ', ''],
    ['/opsbot scale nginx 5 ', 'scale nginx 5'],
    ['/opsbot\nhelp', 'help'],
  ])('runs the command %j', (typed, text) => {
    expect(send(typed)).toEqual({ gesture: { do: 'slash', channel: 'COPS', command: '/opsbot', text } });
  });

  it('runs no command in a thread, and none that does not exist', () => {
    expect(send('/opsbot help', '1.0')).toEqual({ refused: '/opsbot is not supported in threads. Sorry!' });
    expect(send('/etc/hosts')).toEqual({ refused: expect.stringContaining('/etc/hosts is not a valid command') });
  });

  it('takes a slash after a blank as text', () => {
    expect(send(' /opsbot')).toMatchObject({ gesture: { do: 'say', text: '/opsbot' } });
  });
});

describe('the thread that opens by itself', () => {
  const asked = (ts: string, text: string, repliers: string[], by = 'UALICE') =>
    ({ ts, text, repliers, by }) as MessageSlice;
  const find = (messages: MessageSlice[], isDirect = false) =>
    answeredInThread(messages, { me: 'UALICE', app: 'UOPSBOT', isDirect, after: '10.0' })?.ts;

  it('is of what I asked opsbot since I came, and it has answered', () => {
    expect(find([asked('11.0', '<@UOPSBOT> help', ['UOPSBOT'])])).toBe('11.0');
    expect(find([asked('12.0', '<@UOPSBOT> a', ['UOPSBOT']), asked('11.0', '<@UOPSBOT> b', ['UOPSBOT'])])).toBe('11.0');
  });

  it.each([
    ['was asked before', asked('9.0', '<@UOPSBOT> help', ['UOPSBOT'])],
    ['has no answer', asked('11.0', '<@UOPSBOT> help', [])],
    ['was answered by somebody else', asked('11.0', '<@UOPSBOT> help', ['UBOB'])],
    ['was asked by somebody else', asked('11.0', '<@UOPSBOT> help', ['UOPSBOT'], 'UBOB')],
    ['is not said to opsbot', asked('11.0', 'help', ['UOPSBOT'])],
  ])('is not of what %s', (_, message) => {
    expect(find([message])).toBeUndefined();
  });

  it('needs no mention in a direct message', () => {
    expect(find([asked('11.0', 'help', ['UOPSBOT'])], true)).toBe('11.0');
  });
});
