/** Stands before a mention of a person or bot, so that it can be told from a typed name. Private use: nobody types it. */
export const MENTION = '\u{E000}';

/** What Slack's clients put between letters, and nobody sees: zero-width marks, soft hyphens, text directions. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ue000]|(?![\n\t])\p{Cc}/gu;

/** A message as Slack sends it → what the person typed: marks resolved to their labels, emoji that vote as themselves, entities decoded. */
export function plainText(text: string): string {
  return text
    .toWellFormed()
    .replace(INVISIBLE, '')
    .replace(/<([^<>]*)>/g, (_, mark: string) => typed(mark))
    .replace(/:(?:white_check_mark|heavy_check_mark):/g, '✅')
    .replace(/:(?:x|negative_squared_cross_mark):/g, '❌')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** `@U1`, `#C1|general`, `!here`, `mailto:a@b|a@b`, `http://x.y|x.y`, `https://x.y`. */
function typed(mark: string): string {
  const bar = mark.indexOf('|');
  const label = bar === -1 ? undefined : mark.slice(bar + 1);
  if (mark.startsWith('@')) return ` ${MENTION}@${label ?? mark.slice(1)} `;
  if (mark.startsWith('!')) return label ?? `@${mark.slice(1)}`;
  if (mark.startsWith('#')) return label ?? mark;
  return label ?? mark.replace(/^(?:mailto|tel):/, '');
}
