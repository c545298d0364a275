/**
 * What Slack refuses in blocks and views, and the words in which it says so
 * (`must be less than 151 characters [json-pointer:/blocks/0/text/text]`). Pure: tests of views use it as it is.
 */
import { attachmentCheck } from './block-kit/attachments.ts';
import { blockCheck } from './block-kit/blocks.ts';
import {
  anyString,
  anything,
  array,
  boolean,
  type Check,
  isObject,
  object,
  type Report,
  string,
} from './block-kit/check.ts';
import { optionGroups, plainText, selectOptions } from './block-kit/composition.ts';
import type { Surface } from './block-kit/elements.ts';

export type { Surface } from './block-kit/elements.ts';

/** Undocumented: beyond about this much text the blocks of one message, attachments included, are refused as `msg_blocks_too_long`. */
export const MESSAGE_TEXT_LIMIT = 13_200;
const MARKDOWN_LIMIT = 12_000;
const CHECKS = { message: blockCheck('message'), modal: blockCheck('modal'), home: blockCheck('home') };

function collect(run: (report: Report) => void): string[] {
  const found: string[] = [];
  run((message, pointer) => found.push(`${message} [json-pointer:${pointer}]`));
  return found;
}

function elementsOf(block: Record<string, unknown>): unknown[] {
  const list = Array.isArray(block.elements) ? block.elements : [];
  return [...list, block.element, block.accessory];
}

function checkIds(blocks: unknown[], pointer: string, report: Report): void {
  const blockIds = new Set<unknown>();
  blocks.forEach((block, index) => {
    if (!isObject(block)) return;
    const at = `${pointer}/${index}`;
    if (block.block_id !== undefined && blockIds.has(block.block_id)) {
      report(`\`block_id\` "${String(block.block_id)}" already exists`, `${at}/block_id`);
    }
    blockIds.add(block.block_id);
    const actionIds = new Set<unknown>();
    for (const element of elementsOf(block)) {
      if (!isObject(element) || element.action_id === undefined) continue;
      if (actionIds.has(element.action_id)) {
        report(`\`action_id\` "${String(element.action_id)}" already exists in this block`, at);
      }
      actionIds.add(element.action_id);
    }
  });
}

function checkFocus(blocks: unknown[], pointer: string, report: Report): void {
  const focused = blocks
    .filter(isObject)
    .flatMap(elementsOf)
    .filter((element) => isObject(element) && element.focus_on_load === true);
  if (focused.length > 1) report('only one element may have `focus_on_load`', pointer);
}

function checkWholeMessage(blocks: unknown[], pointer: string, report: Report): void {
  const ofType = (type: string) => blocks.filter((block) => isObject(block) && block.type === type);
  if (ofType('table').length + ofType('data_table').length > 1) report('only_one_table_allowed', pointer);
  const markdown = ofType('markdown').reduce<number>((sum, block) => sum + textLength(block), 0);
  if (markdown > MARKDOWN_LIMIT) report(`markdown must be less than ${MARKDOWN_LIMIT + 1} characters in all`, pointer);
}

function report(blocks: unknown, surface: Surface, pointer: string, tell: Report): void {
  array(CHECKS[surface], { min: 0, max: surface === 'message' ? 50 : 100 })(blocks, pointer, tell);
  if (!Array.isArray(blocks)) return;
  checkIds(blocks, pointer, tell);
  checkFocus(blocks, pointer, tell);
  if (surface === 'message') checkWholeMessage(blocks, pointer, tell);
}

/** Why Slack would refuse these blocks on that surface; empty where it would not. */
export function validateBlocks(blocks: unknown, surface: Surface): string[] {
  return collect((tell) => report(blocks, surface, '/blocks', tell));
}

const attachmentsCheck = array(
  attachmentCheck((blocks, pointer, tell) => report(blocks, 'message', pointer, tell)),
  { min: 0 },
);

/** Why Slack would refuse these attachments of a message; empty where it would not. */
export function validateAttachments(attachments: unknown): string[] {
  return collect((tell) => attachmentsCheck(attachments, '/attachments', tell));
}

const common = {
  private_metadata: anyString(3000),
  callback_id: anyString(255),
  external_id: anyString(255),
};
const anyBlocks = { blocks: anything, type: anything };
const modalShape = object({
  required: { ...anyBlocks, title: plainText(24) },
  optional: {
    ...common,
    submit: plainText(24),
    close: plainText(24),
    clear_on_close: boolean,
    notify_on_close: boolean,
  },
});
const homeShape = object({ required: anyBlocks, optional: common });

function needsSubmit(view: Record<string, unknown>): boolean {
  const blocks = Array.isArray(view.blocks) ? view.blocks : [];
  return (
    view.type === 'modal' && blocks.some((block) => isObject(block) && block.type === 'input') && !isObject(view.submit)
  );
}

/** Why Slack would refuse this view (modal or home); empty where it would not. */
export function validateView(view: unknown): string[] {
  return collect((tell) => {
    if (!isObject(view)) return tell('must provide an object', '/view');
    if (view.type !== 'modal' && view.type !== 'home')
      return tell(`unsupported type: ${String(view.type)}`, '/view/type');
    (view.type === 'modal' ? modalShape : homeShape)(view, '/view', tell);
    report(view.blocks, view.type, '/view/blocks', tell);
    if (needsSubmit(view)) tell('missing required field: submit', '/view');
  });
}

/** An empty list is an answer: nothing matches. */
const maybeNone =
  (check: Check): Check =>
  (value, pointer, tell) => {
    if (!Array.isArray(value) || value.length > 0) check(value, pointer, tell);
  };
const suggestions = object({
  optional: { options: maybeNone(selectOptions), option_groups: maybeNone(optionGroups) },
});

/** Why Slack would show nothing in an external select that was answered like this. */
export function validateOptions(answer: unknown): string[] {
  return collect((tell) => {
    suggestions(answer, '', tell);
    if (isObject(answer) && answer.options === undefined && answer.option_groups === undefined) {
      tell('must define either `options` or `option_groups`', '');
    }
  });
}

const anObject: Check = (value, pointer, tell) => {
  if (!isObject(value)) tell('must provide an object', pointer);
};
const metadataShape = object({ required: { event_type: string(), event_payload: anObject } });

/** The shape of message metadata. */
export function validateMetadata(metadata: unknown): string[] {
  return collect((tell) => metadataShape(metadata, '/metadata', tell));
}

/** All text of blocks together, in characters: everything that is shown, ids and values left out. */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, entry) => sum + textLength(entry), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce((sum, [name, entry]) => {
    if (typeof entry !== 'string') return sum + textLength(entry);
    return sum + (name === 'text' || name === 'title' || name === 'alt_text' ? entry.length : 0);
  }, 0);
}
