import './typing-area.css';
import { type KeyboardEvent, type RefObject, useId, useLayoutEffect, useRef, useState } from 'react';
import { completed } from './completion.ts';
import { optionId, SuggestionList } from './suggestion-list.tsx';
import type { Suggestion } from './suggestions.ts';
import { type Completing, useCompletion } from './use-completion.ts';

export interface TypingAreaProps {
  /** Its name, and what stands in it while it is empty. */
  label: string;
  text: string;
  area: RefObject<HTMLTextAreaElement | null>;
  onText: (text: string) => void;
  /** Enter. */
  onSend: () => void;
  /** The arrow up while nothing is typed. */
  onUp?: () => void;
  onEscape?: () => void;
}

/** A text that grows with its lines and completes people, emoji and commands. */
export function TypingArea({ label, text, area, onText, onSend, onUp, onEscape }: TypingAreaProps) {
  const list = useId();
  const [caret, setCaret] = useState(0);
  const completing = useCompletion(text, caret);
  const caretAfter = useRef<number>(undefined);
  const isOpen = completing.suggestions.length > 0;

  useGrowing(area, text);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caret can be put where it belongs once the text is there
  useLayoutEffect(() => {
    if (caretAfter.current === undefined) return;
    area.current?.setSelectionRange(caretAfter.current, caretAfter.current);
    setCaret(caretAfter.current);
    caretAfter.current = undefined;
  }, [text]);

  function choose({ insert }: Suggestion): void {
    if (!completing.completion) return;
    const done = completed(text, completing.completion, insert);
    caretAfter.current = done.caret;
    onText(done.text);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    const handle = (isOpen && listKey(event, completing, choose)) || textKey(event, { text, onSend, onUp, onEscape });
    if (!handle) return;
    event.preventDefault();
    handle();
  }

  return (
    <div className="typing-area">
      <textarea
        ref={area}
        rows={1}
        value={text}
        aria-label={label}
        placeholder={label}
        spellCheck={false}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={isOpen ? list : undefined}
        aria-activedescendant={isOpen ? optionId(list, completing.index) : undefined}
        onChange={({ target }) => {
          setCaret(target.selectionStart);
          onText(target.value);
        }}
        onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart)}
        onBlur={completing.dismiss}
        onKeyDown={onKeyDown}
      />
      {isOpen ? (
        <SuggestionList
          id={list}
          suggestions={completing.suggestions}
          index={completing.index}
          onPoint={completing.point}
          onChoose={choose}
        />
      ) : null}
    </div>
  );
}

function listKey(event: KeyboardEvent, completing: Completing, choose: (suggestion: Suggestion) => void) {
  const { suggestions, index, move, dismiss } = completing;
  if (event.shiftKey) return undefined;
  switch (event.key) {
    case 'ArrowDown':
      return () => move(1);
    case 'ArrowUp':
      return () => move(-1);
    case 'Enter':
    case 'Tab':
      return () => suggestions[index] && choose(suggestions[index]);
    case 'Escape':
      return dismiss;
    default:
      return undefined;
  }
}

type TextKeys = Pick<TypingAreaProps, 'text' | 'onSend'> & {
  onUp: (() => void) | undefined;
  onEscape: (() => void) | undefined;
};

function textKey({ key, shiftKey }: KeyboardEvent, { text, onSend, onUp, onEscape }: TextKeys) {
  if (key === 'Enter' && !shiftKey) return onSend;
  if (key === 'ArrowUp' && text === '') return onUp;
  return key === 'Escape' ? onEscape : undefined;
}

/** As high as its text; the style says how high at most. */
function useGrowing(area: RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height changes with the text
  useLayoutEffect(() => {
    if (!area.current) return;
    area.current.style.height = 'auto';
    area.current.style.height = `${area.current.scrollHeight}px`;
  }, [area, text]);
}
