import { bareWords, wordsOf } from '../text/plain-text.ts';
import type { ElementProps } from './element-props.ts';

/** Longer texts explain, they do not name. */
const NAME_MAX = 60;

/** What an element is called where no label says it; undefined in an input block, which has one. */
export function nameOf({ block, element }: ElementProps): string | undefined {
  if (block.type === 'input') return undefined;
  const placeholder = wordsOf(element.placeholder);
  if (block.accessory !== element) return placeholder || 'Choice';
  const beside = bareWords((typeof block.text === 'string' ? block.text : block.text?.text) ?? '');
  return beside !== '' && beside.length <= NAME_MAX ? beside : placeholder || beside.slice(0, NAME_MAX) || 'Choice';
}
