import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command, Deed } from './command.ts';
import { parseLine } from './parse-line.ts';

const PEOPLE = ['alice', 'bob'];
const act = (who: string | undefined, deed: Deed): Command => ({ do: 'act', who, deed });

describe('a line at the prompt', () => {
  it.each<[string, Command]>([
    ['', { do: 'nothing' }],
    ['  Help ', { do: 'help' }],
    ['exit', { do: 'quit' }],
    ['as bob', { do: 'become', who: 'bob' }],
    ['crash prod/checkout', { do: 'trouble', what: 'crash', workload: 'prod/checkout' }],
    ['alice: @opsbot pods prod', act('alice', { do: 'say', text: '@opsbot pods prod' })],
    ['Alice : hello: all', act('alice', { do: 'say', text: 'hello: all' })],
    ['alice: /opsbot pods prod', act('alice', { do: 'slash', command: '/opsbot', text: 'pods prod' })],
    ['/opsbot', act(undefined, { do: 'slash', command: '/opsbot', text: '' })],
    ['@opsbot help', act(undefined, { do: 'say', text: '@opsbot help' })],
    ['nobody: hello', act(undefined, { do: 'say', text: 'nobody: hello' })],
    ['constructor', act(undefined, { do: 'say', text: 'constructor' })],
    ['as we say', act(undefined, { do: 'say', text: 'as we say' })],
    ['bob clicks Approve', act('bob', { do: 'click', label: 'Approve', on: undefined })],
    ['bob clicks "Show logs" on #12', act('bob', { do: 'click', label: 'Show logs', on: 12 })],
    ['click Approve', act(undefined, { do: 'click', label: 'Approve', on: undefined })],
    ['bob reacts with ✅ on 3', act('bob', { do: 'react', emoji: '✅', on: 3 })],
    ['bob replies reject not on 5', act('bob', { do: 'reply', text: 'reject not on 5', on: undefined })],
    ['bob replies to 5: approve', act('bob', { do: 'reply', text: 'approve', on: 5 })],
    ['alice dm pods', act('alice', { do: 'dm', text: 'pods' })],
    ['alice runs restart on 4', act('alice', { do: 'run', shortcut: 'restart', on: 4 })],
    ['alice fills Replicas: 5', act('alice', { do: 'fill', label: 'Replicas', value: '5' })],
    ['alice fills Reason with "a: b"', act('alice', { do: 'fill', label: 'Reason', value: 'a: b' })],
    ['alice chooses Workload = api', act('alice', { do: 'choose', label: 'Workload', value: 'api', on: undefined })],
    ['bob chooses Silence: 8 h on 12', act('bob', { do: 'choose', label: 'Silence', value: '8 h', on: 12 })],
    ['submits', act(undefined, { do: 'submit' })],
    ['alice opens home', act('alice', { do: 'home' })],
  ])('%s', (line, command) => {
    expect(parseLine(line, PEOPLE)).toEqual(command);
  });

  it.each([
    ['as dave', 'dave'],
    ['crash', 'crash checkout'],
    ['bob', 'bob can'],
    ['bob dances', 'clicks BUTTON'],
    ['bob clicks', 'clicks BUTTON [on NUMBER]'],
    ['alice fills Replicas', 'fills FIELD: VALUE'],
  ])('%s: gets advice', (line, advice) => {
    expect(parseLine(line, PEOPLE)).toEqual({ do: 'unclear', advice: expect.stringContaining(advice) });
  });

  it('may be anything', () => {
    const words = ['alice', 'bob:', 'as', 'clicks', 'on', '12', 'fills', ':', '=', 'to', '@opsbot', '"', '/x', '\t'];
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...words)).map((parts) => parts.join(' ')),
    );
    fc.assert(fc.property(line, (text) => typeof parseLine(text, PEOPLE).do === 'string'));
  });
});
