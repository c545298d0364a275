import './input-block.css';
import { Field } from '@base-ui/react/field';
import { ElementView } from './elements/element-view.tsx';
import type { Block } from './kit.ts';
import { wordsOf } from './text/plain-text.ts';

/** A label, an input, a hint, and what is wrong with what was entered. */
export function InputBlock({ block, error }: { block: Block; error: string | undefined }) {
  const { label, element, hint, optional } = block;
  if (!element) return null;
  return (
    <Field.Root className="input-block" invalid={error !== undefined}>
      <Field.Label className="input-block-label">
        {wordsOf(label)}
        {optional ? <span className="input-block-optional"> (optional)</span> : null}
      </Field.Label>
      <ElementView block={block} element={element} />
      {error === undefined ? null : (
        <Field.Error match className="input-block-error">
          {error}
        </Field.Error>
      )}
      {hint ? <Field.Description className="input-block-hint">{wordsOf(hint)}</Field.Description> : null}
    </Field.Root>
  );
}
