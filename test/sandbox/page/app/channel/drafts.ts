import { useSyncExternalStore } from 'react';
import { type Spot, spotKey } from './sending.ts';

const listeners = new Set<() => void>();
const drafts = new Map<string, string>();

export function setDraft(spot: Spot, text: string): void {
  drafts.set(spotKey(spot), text);
  for (const listener of listeners) listener();
}

export const draftOf = (spot: Spot): string => drafts.get(spotKey(spot)) ?? '';

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** What is typed there and not sent yet; it stays while one looks elsewhere. */
export const useDraft = (spot: Spot): string => useSyncExternalStore(subscribe, () => draftOf(spot));
