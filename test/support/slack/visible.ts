import { unescapeText } from './rewriting.ts';
import type { Attachment, Block, Element, Message, Text, User } from './types.ts';

/** What people see of blocks: their text, and the things they can click, choose and fill. */

/** Everything below a value that is shown as text, in the order in which it is written. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  const part = value as Record<string, unknown>;
  if (part.type === 'user') return [`<@${String(part.user_id)}>`];
  if (part.type === 'emoji') return [`:${String(part.name)}:`];
  if (part.type === 'link' && part.text === undefined) return [String(part.url)];
  const shown = ['title', 'subtitle', 'label', 'caption', 'text', 'body', 'fields', 'elements', 'element', 'accessory'];
  const more = ['rows', 'tasks', 'actions', 'hint', 'details', 'output', 'child_blocks'];
  const found = [...shown, ...more].flatMap((name) => textsIn(part[name]));
  return part.type === 'rich_text_section' || part.type === 'rich_text_preformatted' ? [found.join('')] : found;
}

/** Entities undone, ids turned into names. */
export function readable(text: string, nameOf: (user: string) => string | undefined): string {
  return unescapeText(
    text
      .replace(/<@(\w+)(?:\|[^>]*)?>/g, (whole, id: string) => withAt(nameOf(id)) ?? whole)
      .replace(/<!subteam\^\w+\|([^>]+)>/g, '$1')
      .replace(/<#\w+\|([^>]+)>/g, '#$1')
      .replace(/<(?:https?|mailto):[^|>]+\|([^>]+)>/g, '$1')
      .replace(/<((?:https?):[^|>]+)>/g, '$1'),
  );
}

const withAt = (name: string | undefined) => (name === undefined ? undefined : `@${name}`);

/** The names that are mentioned, by id. */
export const namesIn =
  (users: Map<string, User>) =>
  (id: string): string | undefined =>
    users.get(id)?.name;

export function blocksText(blocks: readonly Block[], users: Map<string, User>): string {
  return readable(
    blocks
      .map((block) => textsIn(block).join('\n'))
      .filter((text) => text !== '')
      .join('\n'),
    namesIn(users),
  );
}

/** The text is only the fallback of the blocks: where there are blocks, people see those. */
export function messageText(message: Message, users: Map<string, User>): string {
  const attachments = (message.attachments ?? []).map((attachment) => attachmentText(attachment, users));
  const files = (message.files ?? []).map((file) => `[file: ${String(file.name)}]`);
  const typed = message.blocks?.length ? blocksText(message.blocks, users) : readable(message.text, namesIn(users));
  return [typed, ...attachments, ...files].filter((text) => text !== '').join('\n');
}

/** The fallback is for notifications alone. */
export function attachmentText({ blocks, ...older }: Attachment, users: Map<string, User>): string {
  return blocks ? blocksText(blocks, users) : readable(textsIn(older).join('\n'), namesIn(users));
}

export interface Placed {
  block: Block;
  element: Element;
  /** Id of the attachment that it stands in, where it does. */
  attachment?: number | undefined;
}

/** Every element of the blocks with the block it stands in. */
export function elementsOf(blocks: readonly Block[]): Placed[] {
  return blocks.flatMap((block) =>
    [...(block.elements ?? []), block.accessory, block.element]
      .filter((element): element is Element => element !== undefined && typeof element === 'object')
      .map((element) => ({ block, element })),
  );
}

const words = (text: Text | string | undefined) => (typeof text === 'string' ? text : (text?.text ?? ''));

export function buttonLabel(element: Element): string {
  return words(element.text);
}

export function isButton({ element }: Placed): boolean {
  return element.type === 'button' || element.type === 'workflow_button';
}

export function buttonsOf(blocks: readonly Block[]): Placed[] {
  return elementsOf(blocks).filter(isButton);
}

/** Every element of a message, those of its attachments last. */
export function elementsOfMessage({ blocks = [], attachments = [] }: Message): Placed[] {
  const attached = attachments.flatMap(({ id, blocks: inside = [] }) =>
    elementsOf(inside).map((placed) => ({ ...placed, attachment: id })),
  );
  return [...elementsOf(blocks), ...attached];
}

/** The blocks of a message, those of its attachments last. */
export function allBlocks({ blocks = [], attachments = [] }: Message): Block[] {
  return [...blocks, ...attachments.flatMap((attachment) => attachment.blocks ?? [])];
}

/** The words by which a person would name an input: its label, else its placeholder, else the section's text. */
export function inputLabel({ block, element }: Placed): string {
  if (block.label) return block.label.text;
  return element.placeholder?.text ?? words(block.text);
}
