import type { Block, Element } from '../kit.ts';

/** What every element gets: itself, and the block that it stands in. */
export interface ElementProps {
  block: Block;
  element: Element;
}
