import { emojiOf } from '../ui/emoji.ts';
import { typedText } from './typed-text.ts';

/** characters */
const SHOWN = 80;

/** How a thread begins, in one line without any formatting. */
export function threadTitle(text: string, nameOf: (user: string) => string | undefined): string {
  const plain = typedText(text, nameOf)
    .replaceAll(/:([a-z0-9_+-]+):/g, (_, name: string) => emojiOf(name))
    .replaceAll(/(?<![\w*_~`])[*_~`]+|[*_~`]+(?![\w*_~`])/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (plain === '') return 'a message';
  return plain.length > SHOWN ? `${plain.slice(0, SHOWN).trimEnd()}…` : plain;
}
