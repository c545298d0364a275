import {
  anyString,
  anything,
  array,
  boolean,
  type Check,
  integer,
  isObject,
  matching,
  object,
  oneOf,
  type Shape,
  string,
  url,
} from './check.ts';
import {
  boxOption,
  confirmDialog,
  conversationFilter,
  imageSource,
  initialAmongOptions,
  optionGroups,
  optionsOrGroups,
  overflowOption,
  plainText,
  selectOption,
  selectOptions,
} from './composition.ts';

/** Every interactive element with its properties and limits. */

const actionId = { action_id: string({ max: 255 }) };
const focusable = { focus_on_load: boolean };
const confirmable = { confirm: confirmDialog };
const placeholder = { placeholder: plainText(150) };
const dispatching = {
  dispatch_action_config: object({
    optional: { trigger_actions_on: array(oneOf('on_enter_pressed', 'on_character_entered')) },
  }),
};
const menu = { ...actionId, ...focusable, ...confirmable, ...placeholder };
const severalItems = { max_selected_items: integer(1, Number.MAX_SAFE_INTEGER) };
const date = matching(/^\d{4}-\d{2}-\d{2}$/, 'date');
const time = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'time');
const label = { text: plainText(75) };
const buttonLook = { style: oneOf('primary', 'danger'), accessibility_label: string({ max: 75 }) };

const numericLimits: Check = (element, pointer, report) => {
  if (!isObject(element)) return;
  for (const name of ['initial_value', 'min_value', 'max_value']) {
    const value = element[name];
    if (value === undefined) continue;
    if (typeof value !== 'string' || value.trim() === '' || !Number.isFinite(Number(value))) {
      report('must be a valid number', `${pointer}/${name}`);
    } else if (element.is_decimal_allowed !== true && !Number.isInteger(Number(value))) {
      report('must be an integer', `${pointer}/${name}`);
    }
  }
  const bound = (name: string) => (element[name] === undefined ? Number.NaN : Number(element[name]));
  if (bound('min_value') > bound('max_value')) report('min_value must not exceed max_value', `${pointer}/min_value`);
  if (bound('initial_value') < bound('min_value') || bound('initial_value') > bound('max_value')) {
    report('must be between min_value and max_value', `${pointer}/initial_value`);
  }
};

const textLimits: Check = (element, pointer, report) => {
  if (!isObject(element)) return;
  if (Number(element.min_length) > Number(element.max_length)) {
    report('min_length must not exceed max_length', `${pointer}/min_length`);
  }
  if (typeof element.initial_value === 'string' && element.initial_value.length > Number(element.max_length ?? 3000)) {
    report('must not be longer than max_length', `${pointer}/initial_value`);
  }
};

export const ELEMENTS: Record<string, Shape> = {
  button: {
    required: label,
    optional: { ...actionId, ...confirmable, ...buttonLook, value: anyString(2000), url: url(3000) },
  },
  workflow_button: {
    required: { ...label, workflow: anything },
    optional: { ...actionId, ...confirmable, ...buttonLook },
  },
  checkboxes: {
    required: { options: array(boxOption, { max: 10 }) },
    optional: { ...actionId, ...focusable, ...confirmable, initial_options: array(boxOption) },
    also: initialAmongOptions,
  },
  radio_buttons: {
    required: { options: array(boxOption, { max: 10 }) },
    optional: { ...actionId, ...focusable, ...confirmable, initial_option: boxOption },
    also: initialAmongOptions,
  },
  overflow: {
    required: { options: array(overflowOption, { max: 5 }) },
    optional: { ...actionId, ...confirmable },
  },
  datepicker: { optional: { ...menu, initial_date: date } },
  timepicker: { optional: { ...menu, initial_time: time, timezone: string() } },
  datetimepicker: {
    optional: { ...actionId, ...focusable, ...confirmable, initial_date_time: integer(1_000_000_000, 9_999_999_999) },
  },
  image: { ...imageSource, required: { alt_text: string({ max: 2000 }) } },
  static_select: {
    optional: { ...menu, options: selectOptions, option_groups: optionGroups, initial_option: selectOption },
    also: optionsOrGroups,
  },
  multi_static_select: {
    optional: {
      ...menu,
      ...severalItems,
      options: selectOptions,
      option_groups: optionGroups,
      initial_options: array(selectOption, { max: 100 }),
    },
    also: optionsOrGroups,
  },
  external_select: { optional: { ...menu, min_query_length: integer(0, 1000), initial_option: selectOption } },
  multi_external_select: {
    optional: {
      ...menu,
      ...severalItems,
      min_query_length: integer(0, 1000),
      initial_options: array(selectOption, { max: 100 }),
    },
  },
  users_select: { optional: { ...menu, initial_user: string() } },
  multi_users_select: { optional: { ...menu, ...severalItems, initial_users: array(string()) } },
  conversations_select: {
    optional: {
      ...menu,
      initial_conversation: string(),
      default_to_current_conversation: boolean,
      response_url_enabled: boolean,
      filter: conversationFilter,
    },
  },
  multi_conversations_select: {
    optional: {
      ...menu,
      ...severalItems,
      initial_conversations: array(string()),
      default_to_current_conversation: boolean,
      filter: conversationFilter,
    },
  },
  channels_select: { optional: { ...menu, initial_channel: string(), response_url_enabled: boolean } },
  multi_channels_select: { optional: { ...menu, ...severalItems, initial_channels: array(string()) } },
  plain_text_input: {
    optional: {
      ...actionId,
      ...focusable,
      ...placeholder,
      ...dispatching,
      initial_value: anyString(3000),
      multiline: boolean,
      min_length: integer(0, 3000),
      max_length: integer(1, 3000),
    },
    also: textLimits,
  },
  number_input: {
    required: { is_decimal_allowed: boolean },
    optional: {
      ...actionId,
      ...focusable,
      ...placeholder,
      ...dispatching,
      initial_value: anything,
      min_value: anything,
      max_value: anything,
    },
    also: numericLimits,
  },
  email_text_input: {
    optional: { ...actionId, ...focusable, ...placeholder, ...dispatching, initial_value: string() },
  },
  url_text_input: { optional: { ...actionId, ...focusable, ...placeholder, ...dispatching, initial_value: url(3000) } },
  rich_text_input: { optional: { ...actionId, ...focusable, ...placeholder, ...dispatching, initial_value: anything } },
  file_input: { optional: { ...actionId, filetypes: array(string()), max_files: integer(1, 10) } },
};

const SELECTS = ['static', 'external', 'users', 'conversations', 'channels'].flatMap((source) => [
  `${source}_select`,
  `multi_${source}_select`,
]);
const PICKERS = ['datepicker', 'timepicker'];
const BOXES = ['checkboxes', 'radio_buttons'];

export type Surface = 'message' | 'modal' | 'home';

const MODAL_ONLY = ['number_input', 'email_text_input', 'url_text_input', 'file_input'];
const NOT_IN_MESSAGES = [...MODAL_ONLY, 'rich_text_input'];
const NOT_ON_HOME = [...MODAL_ONLY, 'datetimepicker'];

function pick(surface: Surface, types: string[]): Record<string, Shape> {
  const refused = { message: NOT_IN_MESSAGES, modal: [], home: NOT_ON_HOME }[surface] as string[];
  return Object.fromEntries(
    types.filter((type) => !refused.includes(type)).map((type) => [type, ELEMENTS[type] ?? {}]),
  );
}

export const accessoryElements = (surface: Surface) =>
  pick(surface, ['button', 'workflow_button', 'overflow', 'image', ...BOXES, ...PICKERS, ...SELECTS]);
export const actionElements = (surface: Surface) =>
  pick(surface, [
    'button',
    'workflow_button',
    'overflow',
    'datetimepicker',
    'rich_text_input',
    ...BOXES,
    ...PICKERS,
    ...SELECTS,
  ]);
export const inputElements = (surface: Surface) =>
  pick(surface, ['plain_text_input', 'datetimepicker', ...NOT_IN_MESSAGES, ...BOXES, ...PICKERS, ...SELECTS]);
