import './rich-text.css';
import { memo } from 'react';
import { type Block, Message } from 'slack-blocks-to-jsx';
import { hooks } from './hooks.tsx';

/** The library gives each of its messages the same id. */
function withoutId(node: HTMLDivElement | null): void {
  node?.firstElementChild?.removeAttribute('id');
}

/** Blocks of text alone. */
export const RichText = memo(function RichText({ blocks }: { blocks: Block[] }) {
  return (
    <div className="rich-text" ref={withoutId}>
      <Message blocks={blocks} hooks={hooks} theme="light" logo="" name="" withoutWrapper unstyled />
    </div>
  );
});
