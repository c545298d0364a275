import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

/** px */
const NEAR = 32;

export interface StickyBottom {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  isAtBottom: boolean;
  toBottom(): void;
}

/** Whoever is at the bottom stays there while the content or the window changes; who has scrolled up stays where they are. */
export function useStickyBottom(): StickyBottom {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const [isAtBottom, setAtBottom] = useState(true);

  const toBottom = useCallback(() => {
    stuck.current = true;
    setAtBottom(true);
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, []);

  useEffect(() => {
    const [outer, inner] = [scroller.current, content.current];
    if (!outer || !inner) return;
    // A change of the size scrolls as well: only who moves up has left the bottom.
    let last = 0;
    const onScroll = () => {
      const isNear = outer.scrollHeight - outer.clientHeight - outer.scrollTop < NEAR;
      if (isNear || outer.scrollTop < last) {
        stuck.current = isNear;
        setAtBottom(isNear);
      }
      last = outer.scrollTop;
    };
    const sizes = new ResizeObserver(() => {
      if (stuck.current) outer.scrollTop = outer.scrollHeight;
    });
    sizes.observe(outer);
    sizes.observe(inner);
    outer.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      sizes.disconnect();
      outer.removeEventListener('scroll', onScroll);
    };
  }, []);

  return { scroller, content, isAtBottom, toBottom };
}
