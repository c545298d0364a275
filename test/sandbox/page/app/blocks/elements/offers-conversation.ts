import type { ChannelSlice } from '../../../wire.ts';
import type { Element } from '../kit.ts';

export type OfferedConversation = Pick<ChannelSlice, 'id' | 'name' | 'kind' | 'with'>;

/** Whether the select's own filter lets it through. Every channel here is a public one. */
export function offersConversation(
  { filter }: Pick<Element, 'filter'>,
  { kind, with: other }: OfferedConversation,
  app: string | undefined,
): boolean {
  const isBot = other !== undefined && other === app;
  if (isBot && filter?.exclude_bot_users === true) return false;
  return filter?.include?.includes(kind === 'channel' ? 'public' : 'im') ?? true;
}
