import { memo, useMemo } from 'react';
import type { Text } from '../../../../../support/slack/types.ts';
import { parseMrkdwn } from './parse-mrkdwn.ts';
import { wordsOf } from './plain-text.ts';
import { RichText } from './rich-text.tsx';

/** A text object. */
export function TextView({ text }: { text: Text }) {
  if (text.type !== 'mrkdwn') return <span className="rich-text-plain">{wordsOf(text)}</span>;
  return <Mrkdwn text={text.text} />;
}

/**
 * The library reads rich_text right, but makes Markdown of mrkdwn: it changes what stands in code, drops indents and
 * lines like `# a`, and shows `&amp;` as it is. So mrkdwn becomes rich_text first, as in Slack's own clients.
 */
export const Mrkdwn = memo(function Mrkdwn({ text }: { text: string }) {
  const blocks = useMemo(() => [{ type: 'rich_text' as const, elements: parseMrkdwn(text) }], [text]);
  return <RichText blocks={blocks} />;
});
