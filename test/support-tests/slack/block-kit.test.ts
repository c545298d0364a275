import { describe, expect, test } from 'vitest';
import {
  type Surface,
  textLength,
  validateBlocks,
  validateOptions,
  validateView,
} from '../../support/slack/block-kit.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const long = (length: number) => 'x'.repeat(length);
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const button = (extra: object = {}) => ({ type: 'button', action_id: 'a', text: plain('Go'), ...extra });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const option = (value: string, text = value) => ({ text: plain(text), value });
const input = (element: object, extra: object = {}) => ({ type: 'input', label: plain('Label'), element, ...extra });
const select = (extra: object) => ({ type: 'static_select', action_id: 's', ...extra });
const confirm = (extra: object = {}) => ({
  title: plain('Sure?'),
  text: plain('Really'),
  confirm: plain('Yes'),
  deny: plain('No'),
  ...extra,
});
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));

const accepted: [string, Surface, object[]][] = [
  [
    'a section with everything',
    'message',
    [{ ...section(long(3000)), fields: many(10, () => mrkdwn(long(2000))), accessory: button() }],
  ],
  ['a header of 150', 'home', [{ type: 'header', text: plain(long(150)) }]],
  ['ten context elements', 'message', [{ type: 'context', elements: many(10, () => mrkdwn('x')) }]],
  ['25 buttons', 'home', [actions(...many(25, (i) => button({ action_id: `a${i}` })))]],
  ['the same action_id in two blocks', 'message', [actions(button()), actions(button())]],
  [
    'a button at its limits',
    'message',
    [actions(button({ text: plain(long(75)), value: long(2000), confirm: confirm() }))],
  ],
  ['100 options', 'modal', [input(select({ options: many(100, (i) => option(`${i}`)) }))]],
  ['an initial option', 'modal', [input(select({ options: [option('a'), option('b')], initial_option: option('b') }))]],
  [
    'a number input',
    'modal',
    [input({ type: 'number_input', is_decimal_allowed: false, min_value: '0', initial_value: '3' })],
  ],
  ['an external select', 'modal', [input({ type: 'external_select', min_query_length: 0 }, { dispatch_action: true })]],
  ['50 blocks in a message', 'message', many(50, () => ({ type: 'divider' }))],
  ['100 blocks on Home', 'home', many(100, () => ({ type: 'divider' }))],
  [
    'rich text',
    'message',
    [{ type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'x' }] }] }],
  ],
  ['a table', 'message', [{ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] }]],
  ['markdown', 'message', [{ type: 'markdown', text: long(12_000) }]],
  ['an input in a message', 'message', [input({ type: 'plain_text_input' })]],
];

const refused: [string, Surface, object[], string][] = [
  ['an unknown block', 'message', [{ type: 'banner' }], 'unsupported type: banner [json-pointer:/blocks/0/type]'],
  ['a block without type', 'message', [{ text: plain('x') }], 'missing required field: type [json-pointer:/blocks/0]'],
  [
    'an unknown property',
    'message',
    [actions(button({ disabled: true }))],
    'invalid additional property: disabled [json-pointer:/blocks/0/elements/0]',
  ],
  ['an empty text', 'message', [section('')], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
  ['a section without text', 'message', [{ type: 'section' }], 'must define either `text` or `fields`'],
  [
    'a long section',
    'message',
    [section(long(3001))],
    'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'eleven fields',
    'message',
    [{ type: 'section', fields: many(11, () => plain('x')) }],
    'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
  ],
  ['a long field', 'message', [{ type: 'section', fields: [plain(long(2001))] }], 'must be less than 2001 characters'],
  ['a long header', 'home', [{ type: 'header', text: plain(long(151)) }], 'must be less than 151 characters'],
  [
    'a header in mrkdwn',
    'home',
    [{ type: 'header', text: mrkdwn('x') }],
    'unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]',
  ],
  [
    'eleven context elements',
    'message',
    [{ type: 'context', elements: many(11, () => plain('x')) }],
    'no more than 10 items',
  ],
  ['a button in a context', 'message', [{ type: 'context', elements: [button()] }], 'unsupported type: button'],
  ['no elements', 'message', [actions()], 'no fewer than 1 items allowed [json-pointer:/blocks/0/elements]'],
  ['26 buttons', 'message', [actions(...many(26, (i) => button({ action_id: `a${i}` })))], 'no more than 25 items'],
  ['a long button', 'message', [actions(button({ text: plain(long(76)) }))], 'must be less than 76 characters'],
  ['a long value', 'message', [actions(button({ value: long(2001) }))], 'must be less than 2001 characters'],
  [
    'a long url',
    'message',
    [actions(button({ url: `https://example.com/${long(3000)}` }))],
    'must be less than 3001 characters',
  ],
  [
    'a wrong style',
    'message',
    [actions(button({ style: 'green' }))],
    'must be a valid enum value [json-pointer:/blocks/0/elements/0/style]',
  ],
  ['a long action_id', 'message', [actions(button({ action_id: long(256) }))], 'must be less than 256 characters'],
  ['a long block_id', 'message', [{ type: 'divider', block_id: long(256) }], 'must be less than 256 characters'],
  ['duplicate action_ids in a block', 'message', [actions(button(), button())], '`action_id` "a" already exists'],
  [
    'duplicate block_ids',
    'home',
    [
      { type: 'divider', block_id: 'b' },
      { type: 'divider', block_id: 'b' },
    ],
    '`block_id` "b" already exists [json-pointer:/blocks/1/block_id]',
  ],
  [
    'a long confirm title',
    'message',
    [actions(button({ confirm: confirm({ title: plain(long(101)) }) }))],
    'must be less than 101 characters',
  ],
  [
    'a long confirm text',
    'message',
    [actions(button({ confirm: confirm({ text: plain(long(301)) }) }))],
    'must be less than 301 characters',
  ],
  [
    'a long confirm button',
    'message',
    [actions(button({ confirm: confirm({ deny: plain(long(31)) }) }))],
    'must be less than 31 characters',
  ],
  ['101 options', 'modal', [input(select({ options: many(101, (i) => option(`${i}`)) }))], 'no more than 100 items'],
  ['no options', 'modal', [input(select({ options: [] }))], 'no fewer than 1 items'],
  ['neither options nor groups', 'modal', [input(select({}))], 'must define either `options` or `option_groups`'],
  [
    'a long option text',
    'modal',
    [input(select({ options: [option('v', long(76))] }))],
    'must be less than 76 characters',
  ],
  [
    'a long option value',
    'modal',
    [input(select({ options: [option(long(151), 'x')] }))],
    'must be less than 151 characters',
  ],
  [
    'a long option description',
    'modal',
    [input(select({ options: [{ ...option('a'), description: plain(long(76)) }] }))],
    'must be less than 76 characters',
  ],
  [
    'an initial option that is none',
    'modal',
    [input(select({ options: [option('a')], initial_option: option('b') }))],
    'could not find option in options',
  ],
  ['a button as an input', 'modal', [input(button())], 'unsupported type: button'],
  [
    'an input as an accessory',
    'modal',
    [{ ...section('x'), accessory: { type: 'plain_text_input' } }],
    'unsupported type: plain_text_input',
  ],
  [
    'a number input in a message',
    'message',
    [input({ type: 'number_input', is_decimal_allowed: false })],
    'unsupported type: number_input',
  ],
  [
    'a number input without decimals said',
    'modal',
    [input({ type: 'number_input' })],
    'missing required field: is_decimal_allowed',
  ],
  [
    'a number that is none',
    'modal',
    [input({ type: 'number_input', is_decimal_allowed: false, initial_value: 'x' })],
    'must be a valid number',
  ],
  [
    'an initial number out of bounds',
    'modal',
    [input({ type: 'number_input', is_decimal_allowed: false, max_value: '5', initial_value: '6' })],
    'must be between',
  ],
  [
    '51 blocks',
    'message',
    many(51, () => ({ type: 'divider' })),
    'no more than 50 items allowed [json-pointer:/blocks]',
  ],
  ['101 blocks', 'home', many(101, () => ({ type: 'divider' })), 'no more than 100 items allowed'],
  [
    'long markdown in two blocks',
    'message',
    many(2, () => ({ type: 'markdown', text: long(7000) })),
    'markdown must be less than',
  ],
  ['markdown on Home', 'home', [{ type: 'markdown', text: 'x' }], 'unsupported type: markdown'],
  [
    'two tables',
    'message',
    many(2, () => ({ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] })),
    'only_one_table_allowed',
  ],
  [
    '101 rows',
    'message',
    [{ type: 'table', rows: many(101, () => [{ type: 'raw_text', text: 'x' }]) }],
    'no more than 100 items',
  ],
  [
    '21 columns',
    'message',
    [{ type: 'table', rows: [many(21, () => ({ type: 'raw_text', text: 'x' }))] }],
    'no more than 20 items',
  ],
  [
    'an image without a source',
    'message',
    [{ type: 'image', alt_text: 'x' }],
    'must define either `image_url` or `slack_file`',
  ],
];

describe('blocks', () => {
  test.each(accepted)('%s: accepted', (_name, surface, blocks) => {
    expect(validateBlocks(blocks, surface)).toEqual([]);
  });

  test.each(refused)('%s: refused', (_name, surface, blocks, reason) => {
    expect(validateBlocks(blocks, surface).join('\n')).toContain(reason);
  });

  test('text is counted over all blocks, ids and values left out', () => {
    expect(textLength([section('four'), actions(button({ text: plain('Go'), value: 'not counted' }))])).toBe(6);
  });
});

describe('views', () => {
  const modal = (extra: object = {}) => ({ type: 'modal', title: plain('T'), blocks: [section('x')], ...extra });

  test('a modal and a home are accepted', () => {
    expect(validateView(modal({ submit: plain('Go'), close: plain('No'), private_metadata: long(3000) }))).toEqual([]);
    expect(validateView({ type: 'home', blocks: [section('x')] })).toEqual([]);
  });

  test.each([
    ['no title', { type: 'modal', blocks: [] }, 'missing required field: title [json-pointer:/view]'],
    [
      'a long title',
      modal({ title: plain(long(25)) }),
      'must be less than 25 characters [json-pointer:/view/title/text]',
    ],
    ['a long submit', modal({ submit: plain(long(25)) }), 'must be less than 25 characters'],
    ['a long close', modal({ close: plain(long(25)) }), 'must be less than 25 characters'],
    ['long metadata', modal({ private_metadata: long(3001) }), 'must be less than 3001 characters'],
    ['a long callback_id', modal({ callback_id: long(256) }), 'must be less than 256 characters'],
    [
      'inputs without submit',
      modal({ blocks: [input({ type: 'plain_text_input' })] }),
      'missing required field: submit',
    ],
    ['no blocks', { type: 'home' }, 'missing required field: blocks'],
    ['a title on Home', { type: 'home', blocks: [], title: plain('x') }, 'invalid additional property: title'],
    ['another type', { type: 'page', blocks: [] }, 'unsupported type: page'],
    ['a view as it came back', modal({ id: 'V1' }), 'invalid additional property: id'],
  ])('%s: refused', (_name, view, reason) => {
    expect(validateView(view).join('\n')).toContain(reason);
  });
});

test('what an external select may be answered', () => {
  expect(validateOptions({ options: [] })).toEqual([]);
  expect(validateOptions({ options: many(100, (i) => option(`${i}`)) })).toEqual([]);
  expect(validateOptions({ options: many(101, (i) => option(`${i}`)) }).join()).toContain('no more than 100 items');
  expect(validateOptions({}).join()).toContain('must define either');
  expect(validateOptions({ options: [option(long(151), 'x')] }).join()).toContain('must be less than 151 characters');
});
