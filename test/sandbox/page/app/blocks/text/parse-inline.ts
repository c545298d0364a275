import type { RichTextSectionElement } from 'slack-blocks-to-jsx';
import { unescapeText } from '../../../../../support/slack/rewriting.ts';
import { slackEmoji } from '../../ui/emoji.ts';
import { parseReference } from './parse-reference.ts';
import type { Style } from './style.ts';

const SPAN = '`[^`\\n]+`|<[^<>\\n]+>';
/** Formatting begins and ends at a word's edge, and ends on the line on which it began; a span is never cut by it. */
const formatted = (sign: string, name: string) =>
  `(?<![\\p{L}\\p{N}${sign}])${sign}(?!\\s)(?<${name}>(?:${SPAN}|[^${sign}\`<\\n])+)(?<!\\s)${sign}(?![\\p{L}\\p{N}${sign}])`;

const TOKEN = new RegExp(
  [
    '`(?<code>[^`\\n]+)`',
    '<(?<reference>[^<>\\n]+)>',
    ":(?<emoji>[a-z0-9_+'-]+):",
    formatted('\\*', 'bold'),
    formatted('_', 'italic'),
    formatted('~', 'strike'),
  ].join('|'),
  'gu',
);

/** What stands within a paragraph of mrkdwn. */
export function parseInline(text: string, style: Style = {}): RichTextSectionElement[] {
  const elements: RichTextSectionElement[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const found = elementsOf(match.groups ?? {}, style);
    if (!found) continue;
    elements.push(...plain(text.slice(end, match.index), style), ...found);
    end = match.index + match[0].length;
  }
  return [...elements, ...plain(text.slice(end), style)];
}

/** Undefined where it is only text after all. */
function elementsOf(groups: Record<string, string | undefined>, style: Style): RichTextSectionElement[] | undefined {
  const { code, reference, emoji } = groups;
  if (code !== undefined) return plain(code, { ...style, code: true });
  if (reference !== undefined) return parseReference(reference, style);
  if (emoji !== undefined) return slackEmoji(emoji) === undefined ? undefined : [{ type: 'emoji', name: emoji }];
  for (const kind of ['bold', 'italic', 'strike'] as const) {
    const inner = groups[kind];
    if (inner !== undefined) return parseInline(inner, { ...style, [kind]: true });
  }
  return undefined;
}

function plain(text: string, style: Style): RichTextSectionElement[] {
  return text === '' ? [] : [{ type: 'text', text: unescapeText(text), style }];
}
