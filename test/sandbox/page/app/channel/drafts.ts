import { useSyncExternalStore } from 'react';
import { createListeners } from '../../../listeners.ts';
import { type Spot, spotKey } from './sending.ts';

const listeners = createListeners();
const drafts = new Map<string, string>();

export function setDraft(spot: Spot, text: string): void {
  drafts.set(spotKey(spot), text);
  listeners.tell();
}

export const draftOf = (spot: Spot): string => drafts.get(spotKey(spot)) ?? '';

/** What is typed there and not sent yet; it stays while one looks elsewhere. */
export const useDraft = (spot: Spot): string => useSyncExternalStore(listeners.add, () => draftOf(spot));
