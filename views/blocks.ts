import type { KnownBlock } from '@slack/types';
import { buildBlocks } from 'slack-block-builder';

/** A message as chat.postMessage takes it. `text` is what a phone shows in its notification. */
export interface Message {
  text: string;
  blocks: KnownBlock[];
}

/** Builders → Slack's own types, which the builder library does not speak. Undefined ones are left out. */
export function built(...blocks: Parameters<typeof buildBlocks>): KnownBlock[] {
  return buildBlocks(...blocks) as unknown as KnownBlock[];
}
