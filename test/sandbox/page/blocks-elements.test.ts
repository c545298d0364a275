import { describe, expect, it } from 'vitest';
import { blockKeys, elementKeys } from './app/blocks/block-keys.ts';
import { ownChoices } from './app/blocks/elements/choice.ts';
import { nameOf } from './app/blocks/elements/name-of.ts';
import { offersConversation } from './app/blocks/elements/offers-conversation.ts';
import { stepped } from './app/blocks/elements/stepped.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });

describe('a step from a number', () => {
  const element = { type: 'number_input', min_value: '0', max_value: '5' };

  it.each([
    ['3', 1, '4'],
    ['3', -1, '2'],
    ['5', 1, '5'],
    ['0', -1, '0'],
    ['90', 1, '5'],
    ['-7', 1, '0'],
    ['', 1, '0'],
    ['abc', -1, '0'],
  ] as const)('%j by %i is %j', (text, by, expected) => {
    expect(stepped(text, by, element)).toBe(expected);
  });

  it('has no bounds where the element has none', () => {
    expect(stepped('-7', -1, { type: 'number_input' })).toBe('-8');
    expect(stepped('', 1, { type: 'number_input' })).toBe('0');
  });
});

describe('the name of an element without a label', () => {
  it('is the text beside it', () => {
    const element = { type: 'external_select', placeholder: plain('Type to search') };
    expect(nameOf({ block: { type: 'section', text: mrkdwn('*Namespace*'), accessory: element }, element })).toBe(
      'Namespace',
    );
  });

  it('is its placeholder where the text explains more than it names', () => {
    const element = { type: 'static_select', placeholder: plain('Silence') };
    const text = mrkdwn('word '.repeat(20));
    expect(nameOf({ block: { type: 'section', text, accessory: element }, element })).toBe('Silence');
    expect(nameOf({ block: { type: 'actions', elements: [element] }, element })).toBe('Silence');
  });

  it('is said by the label of an input', () => {
    const element = { type: 'static_select', placeholder: plain('Silence') };
    expect(nameOf({ block: { type: 'input', label: plain('How long'), element }, element })).toBeUndefined();
  });
});

describe('a select of conversations', () => {
  const channel = { id: 'C1', name: 'ops', kind: 'channel', with: undefined } as const;
  const direct = { id: 'D1', name: '', kind: 'im', with: 'UOPSBOT' } as const;
  const offered = (filter: { include?: string[]; exclude_bot_users?: boolean }) =>
    [channel, direct].filter((one) => offersConversation({ filter }, one, 'UOPSBOT')).map(({ id }) => id);

  it('offers the kinds that the app wants', () => {
    expect(offered({})).toEqual(['C1', 'D1']);
    expect(offered({ include: ['public', 'private'] })).toEqual(['C1']);
    expect(offered({ include: ['im'] })).toEqual(['D1']);
  });

  it('offers no bots where the app wants none', () => {
    expect(offered({ exclude_bot_users: true })).toEqual(['C1']);
  });
});

it('shows options and groups of them', () => {
  const option = { text: plain(':new: A'), value: 'a', description: plain('the first') };
  const choice = { value: 'a', label: '🆕 A', description: 'the first' };
  expect(ownChoices({ type: 'static_select', options: [option] })).toEqual([{ label: undefined, items: [choice] }]);
  expect(
    ownChoices({ type: 'static_select', option_groups: [{ label: plain('Letters'), options: [option] }] }),
  ).toEqual([{ label: 'Letters', items: [choice] }]);
});

describe('a key', () => {
  it('stays with an input, whatever is put before it', () => {
    const reason = { type: 'input', block_id: 'reason' };
    const section = (id: string) => ({ type: 'section', block_id: id });
    expect(blockKeys([section('A'), reason])).toEqual(['section 1', 'input reason']);
    expect(blockKeys([section('B'), section('C'), reason])).toEqual(['section 1', 'section 2', 'input reason']);
  });

  it('stays with an element, whatever is taken away before it', () => {
    const button = (action_id: string) => ({ type: 'button', action_id });
    expect(elementKeys([button('approve'), button('cancel')])).toEqual(['button approve', 'button cancel']);
    expect(elementKeys([button('cancel')])).toEqual(['button cancel']);
  });
});
