import { elementKeys } from './block-keys.ts';
import { ElementView } from './elements/element-view.tsx';
import { ImageLink } from './image-link.tsx';
import { InputBlock } from './input-block.tsx';
import type { Block } from './kit.ts';
import { Section } from './section.tsx';
import { useSurface } from './surface.ts';
import { wordsOf } from './text/plain-text.ts';
import { TextView } from './text/text-view.tsx';
import { isTextBlock, TextBlock } from './text-blocks.tsx';
import { Unknown } from './unknown.tsx';

/** One block. */
export function BlockView({ block, error }: { block: Block; error: string | undefined }) {
  if (isTextBlock(block)) return <TextBlock block={block} />;
  switch (block.type) {
    case 'section':
      return <Section block={block} />;
    case 'header':
      return <Header block={block} />;
    case 'divider':
      return <hr className="block-divider" />;
    case 'context':
      return <Context block={block} />;
    case 'actions':
      return <Actions block={block} />;
    case 'input':
      return <InputBlock block={block} error={error} />;
    case 'image':
      return <Image block={block} />;
    default:
      return <Unknown what="A block" type={block.type} />;
  }
}

/** On Home and in a message it follows the page's or the channel's own heading. */
function Header({ block }: { block: Block }) {
  const { on } = useSurface();
  const Heading = 'view' in on ? 'h2' : 'h3';
  return <Heading className="block-header">{wordsOf(block.text)}</Heading>;
}

function Context({ block }: { block: Block }) {
  return (
    <div className="block-context">
      {block.elements?.map((element, index) =>
        element.type === 'image' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: they have nothing but their place
          <ImageLink key={index} image={element} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: they have nothing but their place
          <TextView key={index} text={{ type: element.type, text: String(element.text) }} />
        ),
      )}
    </div>
  );
}

function Actions({ block }: { block: Block }) {
  const elements = block.elements ?? [];
  const keys = elementKeys(elements);
  return (
    <div className="block-actions">
      {elements.map((element, index) => (
        <ElementView key={keys[index]} block={block} element={element} />
      ))}
    </div>
  );
}

function Image({ block }: { block: Block }) {
  const title = wordsOf(block.title);
  return (
    <p>
      {title === '' ? null : `${title}: `}
      <ImageLink image={block} />
    </p>
  );
}
