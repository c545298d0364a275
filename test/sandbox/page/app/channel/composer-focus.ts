import { type Spot, spotKey } from './sending.ts';

const composers = new Map<string, HTMLTextAreaElement>();
/** The one that gets the focus as soon as it is there. */
let awaited: string | undefined;

/** Puts the caret behind the text of that composer; where it is not there yet, once it is. */
export function focusComposer(spot: Spot): void {
  const composer = composers.get(spotKey(spot));
  if (composer) focusAtEnd(composer);
  else awaited = spotKey(spot);
}

/** A composer says that it is there; returns how it says that it has gone. */
export function composerIsThere(spot: Spot, composer: HTMLTextAreaElement): () => void {
  const key = spotKey(spot);
  composers.set(key, composer);
  if (awaited === key) focusAtEnd(composer);
  awaited = undefined;
  return () => void composers.delete(key);
}

function focusAtEnd(composer: HTMLTextAreaElement): void {
  composer.focus();
  // What was put into it just now is there after the next frame.
  requestAnimationFrame(() => composer.setSelectionRange(composer.value.length, composer.value.length));
}
