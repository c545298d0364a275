import type { Block, Element, Json, StateValues } from './types.ts';
import { elementsOf, inputLabel, type Placed } from './visible.ts';

/** `state.values` as Slack builds them, and what Slack's own client checks before it sends a submission. */

type Initial = (element: Element) => Json;

const text: Initial = (element) => ({ value: element.initial_value ?? null });
const one: Initial = (element) => ({ selected_option: element.initial_option ?? null });
const many: Initial = (element) => ({ selected_options: element.initial_options ?? [] });

const INITIAL: Record<string, Initial> = {
  plain_text_input: text,
  number_input: text,
  email_text_input: text,
  url_text_input: text,
  static_select: one,
  external_select: one,
  radio_buttons: one,
  multi_static_select: many,
  multi_external_select: many,
  checkboxes: many,
  users_select: (element) => ({ selected_user: element.initial_user ?? null }),
  conversations_select: (element) => ({ selected_conversation: element.initial_conversation ?? null }),
  channels_select: (element) => ({ selected_channel: element.initial_channel ?? null }),
  datepicker: (element) => ({ selected_date: element.initial_date ?? null }),
  timepicker: (element) => ({ selected_time: element.initial_time ?? null }),
  datetimepicker: () => ({ selected_date_time: null }),
  multi_users_select: () => ({ selected_users: [] }),
  multi_conversations_select: () => ({ selected_conversations: [] }),
  multi_channels_select: () => ({ selected_channels: [] }),
};

export function isInput(element: Element): boolean {
  return element.type in INITIAL;
}

/**
 * The values of the inputs in these blocks: what the person entered where block and action are still the same,
 * otherwise what the app set as the initial value.
 */
export function stateValues(blocks: readonly Block[], entered: StateValues): StateValues {
  const values: StateValues = {};
  for (const { block, element } of elementsOf(blocks)) {
    const initial = INITIAL[element.type];
    if (initial === undefined || block.block_id === undefined || element.action_id === undefined) continue;
    const kept = entered[block.block_id]?.[element.action_id];
    const value = kept?.type === element.type ? kept : { type: element.type, ...initial(element) };
    values[block.block_id] = { ...values[block.block_id], [element.action_id]: value };
  }
  return values;
}

export function findInput(elements: readonly Placed[], label: string): Placed {
  const inputs = elements.filter(({ element }) => isInput(element));
  const found = inputs.filter((input) => inputLabel(input) === label);
  if (found.length === 1 && found[0]) return found[0];
  const seen = inputs.map((input) => `"${inputLabel(input)}"`).join(', ') || 'none';
  throw new Error(
    `${found.length === 0 ? 'no input' : `${found.length} inputs`} labelled "${label}"; there are: ${seen}`,
  );
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined) return true;
  return Object.entries(value).every(
    ([name, entry]) =>
      name === 'type' || entry === null || entry === '' || (Array.isArray(entry) && entry.length === 0),
  );
}

function numberProblem(element: Element, value: string): string | undefined {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) return 'Please enter a number.';
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return 'Please enter a whole number.';
  if (element.min_value !== undefined && number < Number(element.min_value)) {
    return `Please enter a number that is at least ${element.min_value}.`;
  }
  if (element.max_value !== undefined && number > Number(element.max_value)) {
    return `Please enter a number that is at most ${element.max_value}.`;
  }
  return undefined;
}

function valueProblem(element: Element, value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  if (element.type === 'number_input') return numberProblem(element, value);
  if (value.length < (element.min_length ?? 0)) return `Please enter at least ${element.min_length} characters.`;
  if (value.length > (element.max_length ?? 3000))
    return `Please enter at most ${element.max_length ?? 3000} characters.`;
  return undefined;
}

/** By block_id: what the client refuses before anything is sent. */
export function clientErrors(blocks: readonly Block[], values: StateValues): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { block, element } of elementsOf(blocks)) {
    if (block.type !== 'input' || block.block_id === undefined || element.action_id === undefined) continue;
    const value = values[block.block_id]?.[element.action_id];
    const problem =
      isEmpty(value) && !block.optional ? 'Please complete this required field.' : valueProblem(element, value?.value);
    if (problem) errors[block.block_id] = problem;
  }
  return errors;
}
