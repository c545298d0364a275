import type { InputBlock, PlainTextElement } from '@slack/types';
import type { Field } from '../src/actions/action.ts';
import { fieldId, IDS } from './ids.ts';
import { type Choice, isOffered, option } from './options.ts';
import { clean, cut } from './text.ts';

export type FieldValue = Choice | string | number | boolean | undefined;

/** Plain text that is never empty. */
export const label = (text: string, max = 2000): PlainTextElement => ({
  type: 'plain_text',
  text: cut(clean(text), max) || '-',
});

/** block_id of a field: where view_submission errors go. `reason` and `channel` name the two common fields. */
export function blockIdOf(field: string): string {
  if (field === 'reason') return IDS.reason.block;
  if (field === 'channel') return IDS.channel.block;
  return `block:${fieldId(field)}`;
}

/**
 * One field as an input block. Literals: the builder library drops `min_value: 0` and knows no `is_decimal_allowed`,
 * which Slack demands. Where the action asks for a workload or pod, that already says the namespace, so it is optional.
 */
export function fieldBlock(field: Field, initial: FieldValue, namespaceImplied: boolean): InputBlock {
  const optional = isOptional(field, namespaceImplied);
  const hint = 'hint' in field && field.hint ? { hint: label(field.hint) } : {};
  return {
    type: 'input',
    block_id: blockIdOf(field.name),
    label: label(field.label),
    optional,
    ...hint,
    ...(narrowsOthers(field) ? { dispatch_action: true } : {}),
    element: element(field, initial),
  };
}

function isOptional(field: Field, namespaceImplied: boolean): boolean {
  switch (field.control) {
    case 'namespace':
      return namespaceImplied;
    case 'workload':
      return false;
    case 'checkbox':
      return true;
    default:
      return field.optional ?? false;
  }
}

/** Choosing one of these changes what the others offer or what is shown: the modal is told at once. */
function narrowsOthers({ control }: Field): boolean {
  return control === 'namespace' || control === 'workload' || control === 'pod';
}

function element(field: Field, initial: FieldValue): InputBlock['element'] {
  const action_id = fieldId(field.name);
  switch (field.control) {
    case 'namespace':
    case 'workload':
    case 'pod':
    case 'container':
      return search(action_id, initial);
    case 'number':
      return {
        type: 'number_input',
        action_id,
        is_decimal_allowed: false,
        min_value: String(field.min),
        max_value: String(field.max),
        ...numberWithin(field, initial ?? field.initial),
      };
    case 'text':
      return { type: 'plain_text_input', action_id, max_length: 500, ...text(initial) };
    case 'checkbox': {
      const box = option({ value: 'true', text: field.text });
      return { type: 'checkboxes', action_id, options: [box], ...(initial === true ? { initial_options: [box] } : {}) };
    }
  }
}

function isChoice(value: FieldValue): value is Choice {
  return typeof value === 'object' && isOffered(value);
}

/** Slack refuses a view whose initial number is out of its own bounds. */
function numberWithin({ min, max }: { min: number; max: number }, initial: FieldValue) {
  if (initial === undefined || initial === '') return {};
  const number = Number(initial);
  return Number.isInteger(number) && number >= min && number <= max ? { initial_value: String(number) } : {};
}

function text(initial: FieldValue) {
  if (typeof initial !== 'string' && typeof initial !== 'number') return {};
  const value = cut(clean(String(initial)), 500);
  return value === '' ? {} : { initial_value: value };
}

export function reasonBlock({ required, initial }: { required: boolean; initial?: string | undefined }): InputBlock {
  return {
    type: 'input',
    block_id: IDS.reason.block,
    label: label('Reason'),
    optional: !required,
    element: {
      type: 'plain_text_input',
      action_id: IDS.reason.input,
      multiline: true,
      max_length: 1000,
      placeholder: label('Why? It is shown to those who decide, and kept.', 150),
      ...text(initial),
    },
  };
}

export function channelBlock(from: 'any' | 'listed', initial: Choice | string | undefined): InputBlock {
  return {
    type: 'input',
    block_id: IDS.channel.block,
    label: label('Where should the request be posted?'),
    element: from === 'any' ? anyChannel(initial) : search(IDS.channel.input, initial),
  };
}

/** Only what Slack would accept as a conversation's id goes into `initial_conversation`. */
function anyChannel(initial: Choice | string | undefined): InputBlock['element'] {
  const isId = typeof initial === 'string' && /^[CG][A-Z0-9]{2,}$/.test(initial);
  return {
    type: 'conversations_select',
    action_id: IDS.channel.input,
    filter: { include: ['public', 'private'], exclude_bot_users: true },
    ...(isId ? { initial_conversation: initial } : {}),
  };
}

function search(action_id: string, initial: FieldValue): InputBlock['element'] {
  return {
    type: 'external_select',
    action_id,
    min_query_length: 0,
    placeholder: label('Type to search', 150),
    ...(isChoice(initial) ? { initial_option: option(initial) } : {}),
  };
}
