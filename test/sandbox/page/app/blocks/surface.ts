import { createContext, useContext } from 'react';
import type { StateValues } from '../../../../support/slack/types.ts';
import type { SurfaceRef } from '../../wire.ts';

/** What the blocks stand on, and what this person has entered there. */
export interface Surface {
  on: SurfaceRef;
  entered: StateValues;
}

export const SurfaceContext = createContext<Surface | undefined>(undefined);

export function useSurface(): Surface {
  const surface = useContext(SurfaceContext);
  if (!surface) throw new Error('an element stands outside of Blocks');
  return surface;
}
