import { ApiError, withReasons } from './api-error.ts';
import { MESSAGE_TEXT_LIMIT, textLength, validateAttachments, validateBlocks, validateMetadata } from './block-kit.ts';
import type { Random } from './random.ts';
import type { Attachment, Block, Element, Json, Message } from './types.ts';

/** What a message is made of, as an app sends it, held to Slack's limits. */
export type Content = Partial<Pick<Message, 'text' | 'blocks' | 'attachments' | 'metadata'>>;

export const TEXT_LIMIT = 40_000;
/** chat.update and chat.postEphemeral take less. */
export const SHORT_TEXT_LIMIT = 4000;
const ATTACHMENT_LIMIT = 100;
const METADATA_BYTES = 16_384;

function checkBlocks(blocks: unknown): Block[] | undefined {
  if (blocks === undefined || blocks === null) return undefined;
  if (!Array.isArray(blocks)) throw new ApiError('invalid_blocks_format');
  const reasons = validateBlocks(blocks, 'message');
  if (reasons.length > 0) throw withReasons('invalid_blocks', reasons);
  return blocks as Block[];
}

function checkAttachments(attachments: unknown): Attachment[] | undefined {
  if (attachments === undefined || attachments === null) return undefined;
  if (!Array.isArray(attachments)) throw new ApiError('invalid_attachments');
  if (attachments.length > ATTACHMENT_LIMIT) throw new ApiError('too_many_attachments');
  const reasons = validateAttachments(attachments);
  if (reasons.length > 0) throw withReasons('invalid_attachments', reasons);
  return attachments as Attachment[];
}

function checkMetadata(metadata: unknown): Message['metadata'] {
  if (metadata === undefined || metadata === null) return undefined;
  const reasons = validateMetadata(metadata);
  if (reasons.length > 0) throw withReasons('invalid_metadata_format', reasons);
  if (Buffer.byteLength(JSON.stringify(metadata)) > METADATA_BYTES) throw new ApiError('metadata_too_large');
  return metadata as Message['metadata'];
}

function checkText(text: unknown, limit: number): string | undefined {
  if (text === undefined || text === null) return undefined;
  if (String(text).length > limit) throw new ApiError('msg_too_long');
  return String(text);
}

/** Only what was sent; throws an ApiError where Slack would refuse it. */
export function checkContent(args: Json, limit = TEXT_LIMIT): Content {
  const markdown = args.markdown_text;
  if (markdown !== undefined && (args.text !== undefined || args.blocks !== undefined)) {
    throw new ApiError('markdown_text_conflict');
  }
  const sent: Content = {
    text: checkText(args.text ?? markdown, limit),
    blocks: checkBlocks(args.blocks),
    attachments: checkAttachments(args.attachments),
    metadata: checkMetadata(args.metadata),
  };
  checkSize(sent);
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined));
}

/** Throws where the blocks of a message, its attachments included, hold more text than Slack takes. */
export function checkSize({ blocks = [], attachments = [] }: Content): void {
  if (textLength([blocks, attachments]) > MESSAGE_TEXT_LIMIT) throw new ApiError('msg_blocks_too_long');
}

export function isEmptyContent({ text, blocks, attachments }: Content): boolean {
  return !text && !blocks?.length && !attachments?.length;
}

function elementWithId(element: Element, random: Random): Element {
  const interactive = element.type !== 'image' && element.type !== 'plain_text' && element.type !== 'mrkdwn';
  return !interactive || element.action_id !== undefined ? element : { ...element, action_id: random.id('', 5) };
}

/** Slack gives ids to whatever has none, and they differ each time. */
export function withIds(blocks: readonly Block[], random: Random): Block[] {
  return blocks.map((block) => ({
    ...block,
    block_id: block.block_id || random.id('', 5),
    ...(block.type === 'actions' && block.elements
      ? { elements: block.elements.map((element) => elementWithId(element, random)) }
      : {}),
    ...(block.element ? { element: elementWithId(block.element, random) } : {}),
    ...(block.accessory ? { accessory: elementWithId(block.accessory, random) } : {}),
  }));
}
