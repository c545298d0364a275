import { useSyncExternalStore } from 'react';
import { hashOf, type Place, parsePlace } from './place.ts';

export function go(place: Place): void {
  window.location.hash = hashOf(place);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

const hash = () => window.location.hash;

/** Undefined until somebody has gone somewhere. */
export const usePlace = (): Place | undefined => parsePlace(useSyncExternalStore(subscribe, hash));
