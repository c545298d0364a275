import type { ElementRef } from '../../../wire.ts';
import { addressOf } from '../entered.ts';
import { useSurface } from '../surface.ts';
import type { ElementProps } from './element-props.ts';

/** How a gesture names the element. */
export function useAddress({ block, element }: ElementProps): ElementRef {
  const { on } = useSurface();
  return { on, ...addressOf(block, element) };
}
