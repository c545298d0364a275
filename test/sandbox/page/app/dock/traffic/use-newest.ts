import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** px from the end at which one still looks at the newest. */
const NEAR = 24;

export interface Newest {
  /** Of what scrolls. */
  ref: RefObject<HTMLDivElement | null>;
  isAtEnd: boolean;
  onScroll(): void;
  toEnd(): void;
}

/** Keeps the newest in sight until somebody scrolls away from it. */
export function useNewest(shown: unknown): Newest {
  const ref = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const toEnd = () => ref.current?.scrollTo({ top: ref.current.scrollHeight });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown decides how long the list is
  useLayoutEffect(() => {
    if (isAtEnd) toEnd();
  }, [shown, isAtEnd]);
  return {
    ref,
    isAtEnd,
    onScroll() {
      const { scrollTop = 0, scrollHeight = 0, clientHeight = 0 } = ref.current ?? {};
      setAtEnd(scrollHeight - scrollTop - clientHeight < NEAR);
    },
    toEnd,
  };
}
