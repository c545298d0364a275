import { describe, expect, it } from 'vitest';
import { APP, fixtureChannels, fixtureUsers, makeChannel } from '../../support/slack/fixtures.ts';
import { aboutTraffic, type Names } from './about-traffic.ts';

const byId = <T extends { id: string }>(list: T[]) => new Map(list.map((one) => [one.id, one]));
const names: Names = {
  users: byId(fixtureUsers()),
  channels: byId([...fixtureChannels(), makeChannel('DALICE', 'x', ['UALICE', APP.botUser])]),
};
const plain = (text: string) => ({ type: 'plain_text', text });

describe('a call', () => {
  const about = (args: unknown) => aboutTraffic({ kind: 'api', args }, names);

  it.each<[string, unknown, string]>([
    ['is about a channel and its text', { channel: 'COPS', text: 'Done.' }, '#ops · Done.'],
    ['is about a direct message', { channel: 'DALICE', text: 'Done.' }, 'direct message · Done.'],
    ['is about a person', { channel: 'COPS', user: 'UALICE' }, '#ops · @alice'],
    ['is about a view by what it is called', { view: { callback_id: 'scale', title: plain('Scale') } }, 'scale'],
    ['is about a view by its title', { view: { callback_id: '', title: plain('Scale') } }, 'Scale'],
    ['is about a file', { filename: 'web.log', length: '12' }, 'web.log'],
    ['is about what is said with a file', { channel_id: 'COPS', initial_comment: 'Here.' }, '#ops · Here.'],
    ['is about an emoji', { channel: 'COPS', name: 'eyes' }, '#ops · eyes'],
    ['shows ids that it does not know', { channel: 'CNONE', user: 'UNONE' }, 'CNONE · @UNONE'],
    ['shows names for ids, and entities undone', { text: '<@UBOB> has 1 &lt; 2\n  pods' }, '@bob has 1 < 2 pods'],
    ['is about nothing', {}, ''],
    ['is about nothing where nothing was sent', undefined, ''],
  ])('%s', (_, args, words) => {
    expect(about(args)).toBe(words);
  });

  it('is said in 80 letters, none of them cut in half', () => {
    expect(about({ text: 'x'.repeat(80) })).toBe('x'.repeat(80));
    expect(about({ text: 'x'.repeat(81) })).toBe(`${'x'.repeat(79)}…`);
    expect(about({ text: '🚀'.repeat(300) })).toBe(`${'🚀'.repeat(79)}…`);
  });
});

describe('an envelope', () => {
  const by = { user: { id: 'UALICE' } };
  const there = { ...by, channel: { id: 'COPS', name: 'ops' } };

  it.each<[string, unknown, string]>([
    [
      'is about the button',
      { ...there, actions: [{ action_id: 'a', text: plain('Approve') }] },
      '@alice · #ops · Approve',
    ],
    [
      'is about what was chosen',
      { ...there, actions: [{ action_id: 'a', selected_option: { text: plain('Prod'), value: 'prod' } }] },
      '@alice · #ops · Prod',
    ],
    [
      'is about an element without words',
      { ...by, actions: [{ action_id: 'replicas', value: '3' }] },
      '@alice · replicas',
    ],
    ['is about a shortcut', { ...there, callback_id: 'explain' }, '@alice · #ops · explain'],
    ['is about a modal', { ...by, view: { callback_id: 'scale' } }, '@alice · scale'],
    ['is about what is searched for', { ...by, action_id: 'workload', value: 'ngi' }, '@alice · ngi'],
    ['is about where nothing is searched for yet', { ...by, action_id: 'workload', value: '' }, '@alice · workload'],
    ['is about a command', { user_id: 'UALICE', channel_id: 'COPS', text: 'pods nginx' }, '@alice · #ops · pods nginx'],
    ['is about a message', { event: { user: 'UBOB', channel: 'COPS', text: 'hello' } }, '@bob · #ops · hello'],
    [
      'is about an edited message',
      { event: { channel: 'COPS', message: { user: 'UBOB', text: 'hello again' } } },
      '@bob · #ops · hello again',
    ],
    [
      'is about a reaction and where its message stands',
      { event: { user: 'UBOB', reaction: 'eyes', item: { type: 'message', channel: 'COPS', ts: '1.2' } } },
      '@bob · #ops · eyes',
    ],
    ['is about Home', { event: { user: 'UBOB', channel: 'DALICE', tab: 'home' } }, '@bob · direct message'],
  ])('%s', (_, args, words) => {
    expect(aboutTraffic({ kind: 'envelope', args }, names)).toBe(words);
  });
});
