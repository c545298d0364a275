import { withIds } from './content.ts';
import type { Random } from './random.ts';
import type { Attachment } from './types.ts';

/** What Slack makes of the names that it has for colours. */
const NAMED: Record<string, string> = { good: '2eb886', warning: 'daa038', danger: 'a30200' };

/** Attachments as Slack keeps them: numbered from 1, with a bare colour, a fallback, and ids on their blocks. */
export function storedAttachments(sent: readonly Attachment[], random: Random): Attachment[] {
  return sent.map((attachment, index) => ({
    ...attachment,
    id: index + 1,
    ...(attachment.color ? { color: NAMED[attachment.color] ?? attachment.color.replace('#', '').toLowerCase() } : {}),
    fallback: attachment.fallback || attachment.text || '[no preview available]',
    ...(attachment.blocks ? { blocks: withIds(attachment.blocks, random) } : {}),
  }));
}

/** The bar's colour as `#rrggbb`. */
export function colorOf({ color }: Attachment): string | undefined {
  return color && `#${color}`;
}
