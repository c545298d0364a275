import { isInput, stateValues } from '../../support/slack/form.ts';
import type { Block, Json, Option, StateValues, User, View } from '../../support/slack/types.ts';
import {
  blocksText,
  buttonLabel,
  buttonsOf,
  elementsOf,
  inputLabel,
  type Placed,
} from '../../support/slack/visible.ts';
import { plainLines } from './plain-text.ts';
import type { Style } from './style.ts';

/** A modal or a Home as lines: its text, `Label: value` for each input, its buttons below what they belong to. */
export function showView(view: View, entered: StateValues, users: Map<string, User>, style: Style): string[] {
  const values = stateValues(view.blocks, entered);
  const title = view.type === 'modal' ? [style.bold(view.title?.text ?? '')] : [];
  const ends = [view.submit?.text, view.close?.text].filter((text) => text !== undefined);
  const footer = ends.length > 0 ? [style.bold(ends.map((text) => `[${text}]`).join(' '))] : [];
  return [...title, ...view.blocks.flatMap((block) => blockLines(block, values, users, style)), ...footer];
}

function blockLines(block: Block, values: StateValues, users: Map<string, User>, style: Style): string[] {
  if (block.type === 'divider') return [''];
  const inputs = elementsOf([block]).filter(({ element }) => isInput(element));
  if (block.type === 'input') return inputs.map((input) => inputLine(input, values, style));
  const buttons = buttonsOf([block]).map(({ element }) => `[${buttonLabel(element)}]`);
  const text = plainLines(blocksText([withoutElements(block)], users), style).join('\n');
  // The text of a section is the name of the select beside it.
  const [only] = inputs;
  if (only && text !== '') return [`${text}: ${shownValue(only, values, style)}`];
  return [
    ...(text === '' ? [] : heading(block, text.split('\n'), style)),
    ...inputs.map((input) => inputLine(input, values, style)),
    ...(buttons.length > 0 ? [style.bold(buttons.join(' '))] : []),
  ];
}

/** Buttons and inputs get lines of their own; the elements of a context are its text. */
function withoutElements({ accessory: _accessory, elements, ...block }: Block): Block {
  return block.type === 'actions' || elements === undefined ? block : { ...block, elements };
}

const heading = ({ type }: Block, lines: string[], style: Style) => (type === 'header' ? lines.map(style.bold) : lines);

function inputLine(input: Placed, values: StateValues, style: Style): string {
  return `${inputLabel(input)}: ${shownValue(input, values, style)}`;
}

function shownValue({ block, element }: Placed, values: StateValues, style: Style): string {
  const value = values[block.block_id ?? '']?.[element.action_id ?? ''] ?? {};
  return valueText(value) || style.dim('…');
}

function valueText({ type: _type, ...value }: Json): string {
  const [given] = Object.values(value);
  const options = (Array.isArray(given) ? given : [given]).filter((one) => one !== null && one !== undefined);
  return options.map((one) => (typeof one === 'object' ? (one as Option).text.text : String(one))).join(', ');
}
