import type { RichTextBlockElement, RichTextSectionElement } from 'slack-blocks-to-jsx';
import { unescapeText } from '../../../../../support/slack/rewriting.ts';
import { parseInline } from './parse-inline.ts';

/** Slack's mrkdwn as the elements of a rich_text block: what Slack's own clients make of it. */
export function parseMrkdwn(mrkdwn: string): RichTextBlockElement[] {
  // Every second piece is what stands between two fences.
  const pieces = mrkdwn.split(/\n?```\n?((?:(?!```)[\s\S])+?)\n?```\n?/);
  return pieces.flatMap((piece, index) => (index % 2 === 1 ? [codeBlock(piece)] : paragraphs(piece)));
}

/** Links and mentions are no links in code, but they are read like such: `<https://…>` without its brackets. */
function codeBlock(code: string): RichTextBlockElement {
  const text = unescapeText(code.replace(/<(?:[^<>|]*\|)?([^<>]*)>/g, '$1'));
  return { type: 'rich_text_preformatted', elements: [{ type: 'text', text }] };
}

const QUOTED = /^(?:>|&gt;) ?/;

function paragraphs(text: string): RichTextBlockElement[] {
  if (text === '') return [];
  const runs: { isQuote: boolean; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const isQuote = QUOTED.test(line);
    const run = runs.at(-1);
    const bare = line.replace(QUOTED, '');
    if (run?.isQuote === isQuote) run.lines.push(bare);
    else runs.push({ isQuote, lines: [bare] });
  }
  return runs.map(({ isQuote, lines }) => {
    const elements: RichTextSectionElement[] = parseInline(lines.join('\n'));
    return { type: isQuote ? 'rich_text_quote' : 'rich_text_section', elements };
  });
}
