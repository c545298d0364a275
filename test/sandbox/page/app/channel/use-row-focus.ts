import { type FocusEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { MessageSlice } from '../../wire.ts';

export interface RowFocus {
  row: RefObject<HTMLLIElement | null>;
  /** Whether somebody has come to the message, or to something in it, by the keyboard. */
  isFocused: boolean;
  onFocus: (event: FocusEvent) => void;
  onBlur: (event: FocusEvent) => void;
}

/** A button that was pressed is often gone when its message has changed: then the message keeps the focus. */
export function useRowFocus(message: MessageSlice): RowFocus {
  const row = useRef<HTMLLIElement>(null);
  const hasFocus = useRef(false);
  const [isFocused, setFocused] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what had the focus can be gone whenever the message changes
  useEffect(() => {
    if (hasFocus.current && document.activeElement === document.body) row.current?.focus({ preventScroll: true });
  }, [message]);

  return {
    row,
    isFocused,
    onFocus({ target }) {
      hasFocus.current = true;
      setFocused(target.matches(':focus-visible'));
    },
    onBlur({ currentTarget, relatedTarget }) {
      hasFocus.current = relatedTarget instanceof Node && currentTarget.contains(relatedTarget);
      if (!hasFocus.current) setFocused(false);
    },
  };
}
