import { useEffect } from 'react';

/** What Escape belongs to while it is there. */
const OPEN = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"], [role="grid"], .edit-message';

/** What lies beside Slack has its own use for it. */
const isBeside = (target: EventTarget | null) => target instanceof Element && target.closest('.dock') !== null;

/** Calls for Escape where nothing is open that it would close. */
export function useEscape(onEscape: () => void): void {
  useEffect(() => {
    const onKey = ({ key, target }: KeyboardEvent) => {
      if (key === 'Escape' && !isBeside(target) && !document.querySelector(OPEN)) onEscape();
    };
    // Before anything else, as what closes at Escape is gone afterwards.
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [onEscape]);
}
