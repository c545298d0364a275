import type { Block, Element, Json, Option, StateValues } from '../../../../support/slack/types.ts';

/** Where an element is found on its surface, by Slack's own ids. */
export interface Address {
  block: string;
  action: string;
}

export const addressOf = (block: Block, element: Element): Address => ({
  block: block.block_id ?? '',
  action: element.action_id ?? '',
});

/** What was entered there, while the element is still of the same kind. */
function enteredAt(entered: StateValues, { block, action }: Address, { type }: Element): Json | undefined {
  const value = entered[block]?.[action];
  return value?.type === type ? value : undefined;
}

/** The text of an input, a date or a time: what was entered, else what the app has set at first. */
export function enteredText(entered: StateValues, address: Address, element: Element): string {
  const value = enteredAt(entered, address, element);
  const initial = element.initial_value ?? element.initial_date ?? element.initial_time;
  const text = value ? (value.value ?? value.selected_date ?? value.selected_time) : initial;
  return typeof text === 'string' ? text : '';
}

/** The options that are chosen; at most one where only one can be. */
export function enteredOptions(entered: StateValues, address: Address, element: Element): Option[] {
  const value = enteredAt(entered, address, element);
  const one = value ? value.selected_option : element.initial_option;
  const many = value ? value.selected_options : element.initial_options;
  return [...((many as Option[] | undefined) ?? []), ...(one ? [one as Option] : [])];
}

/** The id of the person or the channel that is chosen. */
export function enteredId(entered: StateValues, address: Address, element: Element): string | undefined {
  const value = enteredAt(entered, address, element);
  const initial = element.initial_user ?? element.initial_conversation ?? element.initial_channel;
  const id = value ? (value.selected_user ?? value.selected_conversation ?? value.selected_channel) : initial;
  return typeof id === 'string' ? id : undefined;
}
