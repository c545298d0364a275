import { useMemo, useState } from 'react';
import { usePeople } from '../people.ts';
import { useSlice } from '../store.ts';
import { type Completion, completionAt } from './completion.ts';
import { type Suggestion, suggestionsFor } from './suggestions.ts';

export interface Completing {
  completion: Completion | undefined;
  /** What the word at the caret can become; empty where nothing is to be shown. */
  suggestions: readonly Suggestion[];
  /** Of the one that Enter takes. */
  index: number;
  move(by: number): void;
  point(index: number): void;
  /** Shows none for that word. */
  dismiss(): void;
}

const NONE: readonly Suggestion[] = [];

export function useCompletion(text: string, caret: number): Completing {
  const people = usePeople();
  const app = useSlice('app');
  const [dismissed, setDismissed] = useState<string>();
  const [pointed, setPointed] = useState({ word: '', index: 0 });

  const completion = useMemo(() => completionAt(text, caret), [text, caret]);
  const word = completion ? `${completion.kind} ${completion.from}` : '';
  // Another word is another matter.
  if (dismissed !== undefined && dismissed !== word) setDismissed(undefined);
  const typed = `${word} ${completion?.typed}`;
  const suggestions = useMemo(
    () =>
      app && completion && dismissed !== word
        ? suggestionsFor(completion, { people, app: app.user, commands: app.commands })
        : NONE,
    [completion, dismissed, word, people, app],
  );
  const index = pointed.word === typed ? pointed.index : 0;
  return {
    completion,
    suggestions,
    index,
    move: (by) => setPointed({ word: typed, index: (index + by + suggestions.length) % suggestions.length }),
    point: (to) => setPointed({ word: typed, index: to }),
    dismiss: () => setDismissed(completion && word),
  };
}
