import { unescapeText } from '../../../../../support/slack/rewriting.ts';
import type { Text } from '../../../../../support/slack/types.ts';
import { slackEmoji } from '../../ui/emoji.ts';

/** What stands in a plain_text; text of other kinds as it was written. */
export const wordsOf = (text: Text | string | undefined): string =>
  withEmoji((typeof text === 'string' ? text : text?.text) ?? '');

/** `:warning: late` → `⚠️ late`; a name that nobody knows stays as it is. */
export function withEmoji(text: string): string {
  return text.replace(/:([a-z0-9_+'-]+):/g, (whole, name: string) => slackEmoji(name) ?? whole);
}

/** Without the signs that format it, on one line: what a control is called that has no label but the text beside it. */
export function bareWords(mrkdwn: string): string {
  const words = mrkdwn
    .replace(/<[^<>|]*\|([^<>]*)>/g, '$1')
    .replace(/(?<![\p{L}\p{N}])[*_~`]+|[*_~`]+(?![\p{L}\p{N}])/gu, '');
  return withEmoji(unescapeText(words)).replace(/\s+/g, ' ').trim();
}
