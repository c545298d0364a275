import { type FocusEvent, type RefObject, useEffect, useRef, useState } from 'react';

export interface RowFocus {
  row: RefObject<HTMLLIElement | null>;
  /** Whether somebody has come to the message, or to something in it, by the keyboard. */
  isFocused: boolean;
  onFocus: (event: FocusEvent) => void;
  onBlur: (event: FocusEvent) => void;
}

const DIALOG = '[role="dialog"], [role="alertdialog"]';

/**
 * A dialog that was opened from a message gives the focus back to it. And a button that was pressed is often gone when
 * its message has changed: then the message itself gets the focus.
 */
export function useRowFocus(): RowFocus {
  const row = useRef<HTMLLIElement>(null);
  const hasFocus = useRef(false);
  const [isFocused, setFocused] = useState(false);

  useEffect(() => {
    if (hasFocus.current && document.activeElement === document.body) row.current?.focus({ preventScroll: true });
  });

  return {
    row,
    isFocused,
    onFocus({ target }) {
      hasFocus.current = true;
      setFocused(target.matches(':focus-visible'));
    },
    onBlur({ currentTarget, relatedTarget: next }) {
      const isWithin = next instanceof Element && currentTarget.contains(next);
      const isLent = next instanceof Element && next.closest(DIALOG) !== null;
      hasFocus.current = isWithin || isLent;
      if (!isWithin) setFocused(isLent);
    },
  };
}
