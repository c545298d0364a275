import type { Block } from '../kit.ts';
import { wordsOf } from '../text/plain-text.ts';

/** What empties the select of an input that may be left out: the name of a button. */
export const emptyingOf = ({ type, label, optional }: Block): string | undefined =>
  type === 'input' && optional ? `Clear ${wordsOf(label)}` : undefined;
