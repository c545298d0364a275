import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

/** px */
const NEAR = 32;

export interface StickyBottom {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  isAtBottom: boolean;
  /** Whether the last message has come into sight; a long one need not end there. */
  seesLast: boolean;
  /** The same at this moment: what has just come may be further down. */
  seesLastNow(): boolean;
  toBottom(): void;
}

/**
 * Whoever is at the bottom stays there while the content or the window changes; who has scrolled up stays where they are.
 * One begins at the bottom, or where what is unread begins if there is more of it than fits.
 */
export function useStickyBottom(): StickyBottom {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const [isAtBottom, setAtBottom] = useState(true);
  const [seesLast, setSeesLast] = useState(false);

  const toBottom = useCallback(() => {
    stuck.current = true;
    setAtBottom(true);
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, []);

  useEffect(() => {
    const [outer, inner] = [scroller.current, content.current];
    if (!outer || !inner) return;
    let last = 0;
    const stick = (isStuck: boolean) => {
      stuck.current = isStuck;
      setAtBottom(isStuck);
    };
    const onScroll = () => {
      const isNear = outer.scrollHeight - outer.clientHeight - outer.scrollTop < NEAR;
      // A change of the size scrolls as well: only who moves up has left the bottom.
      if (isNear || outer.scrollTop < last) stick(isNear);
      last = outer.scrollTop;
      setSeesLast(isInSight(outer, inner));
    };
    const onSize = () => {
      if (stuck.current) outer.scrollTop = outer.scrollHeight;
      setSeesLast(isInSight(outer, inner));
    };
    if (beginAtNew(outer, inner)) stick(false);
    const sizes = new ResizeObserver(onSize);
    sizes.observe(outer);
    sizes.observe(inner);
    outer.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      sizes.disconnect();
      outer.removeEventListener('scroll', onScroll);
    };
  }, []);

  const seesLastNow = useCallback(
    () => stuck.current || (scroller.current && content.current ? isInSight(scroller.current, content.current) : false),
    [],
  );

  return { scroller, content, isAtBottom, seesLast, seesLastNow, toBottom };
}

const topOf = (element: Element) => element.getBoundingClientRect().top;

function isInSight(outer: HTMLElement, inner: HTMLElement): boolean {
  const last = inner.querySelector('ol')?.lastElementChild;
  return last ? topOf(last) + NEAR < outer.getBoundingClientRect().bottom : true;
}

/** Scrolls to the line above what is unread, or to the top where that is near; false where all fits at the bottom. */
function beginAtNew(outer: HTMLElement, inner: HTMLElement): boolean {
  const line = inner.querySelector('[data-new="true"]');
  if (!line || inner.getBoundingClientRect().bottom - topOf(line) <= outer.clientHeight) return false;
  const above = topOf(line) - topOf(inner);
  outer.scrollTop = above < outer.clientHeight / 2 ? 0 : above - NEAR;
  return true;
}
