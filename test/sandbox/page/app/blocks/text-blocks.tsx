import { memo, useMemo } from 'react';
import type { Block as LibraryBlock } from 'slack-blocks-to-jsx';
import type { Block } from './kit.ts';
import { RichText } from './text/rich-text.tsx';

/** Blocks that have nothing to act on, and that the library shows as Slack does. */
const SHOWN = new Set(['rich_text', 'markdown', 'table']);

export const isTextBlock = ({ type }: Block): boolean => SHOWN.has(type);

/** A block of text alone: what people write, tables, Markdown. */
export const TextBlock = memo(function TextBlock({ block }: { block: Block }) {
  const blocks = useMemo(() => [(block.type === 'table' ? withPlainCells(block) : block) as LibraryBlock], [block]);
  return <RichText blocks={blocks} />;
});

/** The library would read the text of a cell as mrkdwn. */
function withPlainCells(block: Block): Block {
  const rows = block.rows?.map((cells) => cells.map((cell) => (cell.type === 'rich_text' ? cell : plainCell(cell))));
  return { ...block, ...(rows ? { rows } : {}) };
}

function plainCell({ text, value }: Record<string, unknown>): Record<string, unknown> {
  const section = { type: 'rich_text_section', elements: [{ type: 'text', text: String(text ?? value ?? '') }] };
  return { type: 'rich_text', elements: [section] };
}
