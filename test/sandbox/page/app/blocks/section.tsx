import './section.css';
import { ElementView } from './elements/element-view.tsx';
import { ImageLink } from './image-link.tsx';
import type { Block } from './kit.ts';
import { TextView } from './text/text-view.tsx';

/** Text, fields in two columns, and something beside them. */
export function Section({ block }: { block: Block }) {
  const { text, fields = [], accessory } = block;
  return (
    <div className="block-section">
      <div className="block-section-text">
        {typeof text === 'object' ? <TextView text={text} /> : null}
        {fields.length === 0 ? null : (
          <div className="block-section-fields">
            {fields.map((field, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: fields have nothing but their place
              <TextView key={index} text={field} />
            ))}
          </div>
        )}
      </div>
      {accessory === undefined ? null : (
        <div className="block-section-accessory">
          {accessory.type === 'image' ? (
            <ImageLink image={accessory} />
          ) : (
            <ElementView block={block} element={accessory} />
          )}
        </div>
      )}
    </div>
  );
}
