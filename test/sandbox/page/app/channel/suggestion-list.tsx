import './suggestion-list.css';
import { useEffect, useRef } from 'react';
import { Avatar } from '../ui/avatar.tsx';
import type { Suggestion } from './suggestions.ts';

export interface SuggestionListProps {
  id: string;
  suggestions: readonly Suggestion[];
  index: number;
  onPoint: (index: number) => void;
  onChoose: (suggestion: Suggestion) => void;
}

export const optionId = (list: string, index: number): string => `${list}-${index}`;

/** What a word can become, above the text; the focus stays in the text. */
export function SuggestionList({ id, suggestions, index, onPoint, onChoose }: SuggestionListProps) {
  const chosen = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another one is to be in sight whenever the index changes
  useEffect(() => {
    chosen.current?.scrollIntoView({ block: 'nearest' });
  }, [index]);
  return (
    <div id={id} role="listbox" aria-label="Suggestions" className="suggestion-list">
      {suggestions.map((suggestion, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled where the focus is, in the text
        <div
          key={suggestion.insert}
          ref={at === index ? chosen : null}
          id={optionId(id, at)}
          role="option"
          tabIndex={-1}
          aria-selected={at === index}
          className="suggestion-list-option"
          onPointerMove={() => onPoint(at)}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(suggestion)}
        >
          {suggestion.person === undefined ? null : <Avatar user={suggestion.person} size={20} />}
          {suggestion.sign === undefined ? null : <span aria-hidden="true">{suggestion.sign}</span>}
          <strong>{suggestion.label}</strong>
          {suggestion.about === '' ? null : <span className="suggestion-list-about">{suggestion.about}</span>}
          {suggestion.below === undefined ? null : <span className="suggestion-list-below">{suggestion.below}</span>}
        </div>
      ))}
    </div>
  );
}
