import './message-scroller.css';
import type { ReactNode } from 'react';
import { DownIcon } from '../ui/icons.tsx';
import type { StickyBottom } from './use-sticky-bottom.ts';

export interface MessageScrollerProps {
  bottom: StickyBottom;
  /** Whether something new stands further down. */
  hasNew: boolean;
  children: ReactNode;
}

/** What scrolls above the composer, and the way to its end. */
export function MessageScroller({ bottom, hasNew, children }: MessageScrollerProps) {
  return (
    <div className="message-scroller">
      <div ref={bottom.scroller} className="message-scroller-view">
        <div ref={bottom.content} className="message-scroller-content">
          {children}
        </div>
      </div>
      {bottom.isAtBottom ? null : (
        <button type="button" className="message-scroller-down" data-new={hasNew} onClick={bottom.toBottom}>
          <DownIcon size={14} /> {hasNew ? 'New messages' : 'Latest messages'}
        </button>
      )}
    </div>
  );
}
