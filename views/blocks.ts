import type { KnownBlock, MessageAttachment } from '@slack/types';
import { buildBlocks } from 'slack-block-builder';

/** A message as chat.postMessage takes it. `text` is what a phone shows in its notification. */
export interface Message {
  text: string;
  blocks: KnownBlock[];
}

/** A message with a bar of colour beside what stands below its text. */
export interface ColouredMessage {
  text: string;
  attachments: MessageAttachment[];
}

/**
 * Builders → plain blocks in Slack's own types, which the builder library does not speak. Undefined ones are left out.
 * All mrkdwn is `verbatim`: otherwise Slack turns a bare `@here`, `#channel` or address in somebody's words into the real thing.
 */
export function built(...blocks: Parameters<typeof buildBlocks>): KnownBlock[] {
  return plain(buildBlocks(...blocks)) as KnownBlock[];
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) if (inner !== undefined) copy[key] = plain(inner);
  return copy.type === 'mrkdwn' ? { ...copy, verbatim: true } : copy;
}
