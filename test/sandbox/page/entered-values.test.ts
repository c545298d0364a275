import { describe, expect, it } from 'vitest';
import { enteredId, enteredOptions, enteredText } from './app/blocks/entered.ts';

const address = { block: 'B', action: 'a' };
const entered = (value: Record<string, unknown>) => ({ B: { a: value } });
const option = (value: string) => ({ text: { type: 'plain_text', text: value.toUpperCase() }, value });

describe('what an element shows', () => {
  it.each([
    ['plain_text_input', 'value', 'initial_value'],
    ['datepicker', 'selected_date', 'initial_date'],
    ['timepicker', 'selected_time', 'initial_time'],
  ])('of a %s is what was entered, else what it began with', (type, key, initial) => {
    const element = { type, [initial]: 'first' };
    expect(enteredText({}, address, element)).toBe('first');
    expect(enteredText(entered({ type, [key]: 'typed' }), address, element)).toBe('typed');
    expect(enteredText(entered({ type, [key]: null }), address, element)).toBe('');
    expect(enteredText(entered({ type: 'other', value: 'typed' }), address, element)).toBe('first');
    expect(enteredText(entered({ type, value: 'typed' }), { ...address, action: 'b' }, element)).toBe('first');
  });

  it('of a select is the one option', () => {
    const element = { type: 'static_select', initial_option: option('x') };
    expect(enteredOptions({}, address, element)).toEqual([option('x')]);
    const chosen = entered({ type: 'static_select', selected_option: option('y') });
    expect(enteredOptions(chosen, address, element)).toEqual([option('y')]);
    expect(enteredOptions(entered({ type: 'static_select', selected_option: null }), address, element)).toEqual([]);
  });

  it('of check boxes are those that are ticked', () => {
    const element = { type: 'checkboxes', initial_options: [option('x'), option('y')] };
    expect(enteredOptions({}, address, element)).toEqual([option('x'), option('y')]);
    expect(enteredOptions(entered({ type: 'checkboxes', selected_options: [] }), address, element)).toEqual([]);
  });

  it.each([
    ['users_select', 'selected_user', 'initial_user'],
    ['conversations_select', 'selected_conversation', 'initial_conversation'],
    ['channels_select', 'selected_channel', 'initial_channel'],
  ])('of a %s is an id', (type, key, initial) => {
    const element = { type, [initial]: 'ID1' };
    expect(enteredId({}, address, element)).toBe('ID1');
    expect(enteredId(entered({ type, [key]: 'ID2' }), address, element)).toBe('ID2');
    expect(enteredId(entered({ type, [key]: null }), address, element)).toBeUndefined();
  });
});
