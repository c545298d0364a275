import './message-list.css';
import { type KeyboardEvent, useCallback, useRef, useState } from 'react';
import type { MessageSlice } from '../../wire.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { DayDivider, NewLine, RepliesDivider } from './dividers.tsx';
import { MessageRow } from './message-row.tsx';
import type { TimelineItem } from './timeline.ts';

export interface MessageListProps {
  label: string;
  items: readonly TimelineItem[];
  me: string;
  isInThread: boolean;
  /** ts of the message that is being edited. */
  editing: string | undefined;
  onEdit: (ts: string | undefined) => void;
}

/** Messages, one below the other. Tab goes to one of them, at first the last one; the arrow keys go on to others. */
export function MessageList({ label, items, me, isInThread, editing, onEdit }: MessageListProps) {
  const list = useRef<HTMLOListElement>(null);
  const [focused, setFocused] = useState<string>();
  const [pointedAt, setPointedAt] = useState<string>();
  const [deleting, setDeleting] = useState<MessageSlice>();
  const asked = useRef<string>(undefined);

  const onDelete = useCallback((message: MessageSlice) => {
    asked.current = message.ts;
    setDeleting(message);
  }, []);
  const shown = items.flatMap((item) => (item.kind === 'message' ? [item.message.ts] : []));
  const stop = focused !== undefined && shown.includes(focused) ? focused : shown.at(-1);
  return (
    <>
      <ol
        ref={list}
        aria-label={label}
        className="message-list"
        onKeyDown={moveBetweenRows}
        onPointerOver={({ target }) => setPointedAt(tsAround(target))}
        // A finger is gone as soon as it has pointed.
        onPointerLeave={({ pointerType }) => pointerType === 'touch' || setPointedAt(undefined)}
        onFocus={({ target }) => setFocused(tsAround(target))}
      >
        {items.map((item) => {
          if (item.kind === 'day') return <DayDivider key={`day ${item.ts}`} ts={item.ts} isNew={item.isNew} />;
          if (item.kind === 'new') return <NewLine key="new" />;
          if (item.kind === 'replies') return <RepliesDivider key="replies" count={item.count} />;
          const { message, isCompact } = item;
          return (
            <MessageRow
              key={message.ts}
              message={message}
              me={me}
              isCompact={isCompact}
              isStop={message.ts === stop}
              isPointedAt={message.ts === pointedAt}
              isEditing={message.ts === editing}
              isInThread={isInThread}
              onEdit={onEdit}
              onDelete={onDelete}
            />
          );
        })}
      </ol>
      <DeleteDialog
        message={deleting}
        onClose={() => setDeleting(undefined)}
        focusAfter={() => list.current?.querySelector<HTMLElement>(`[data-ts="${asked.current}"]`) ?? null}
      />
    </>
  );
}

/** Of the message that it belongs to. */
const tsAround = (target: EventTarget) =>
  target instanceof Element ? target.closest<HTMLElement>('[data-ts]')?.dataset.ts : undefined;

/** Only from a message itself: what is in it has its own use for the arrow keys. */
function moveBetweenRows(event: KeyboardEvent<HTMLElement>): void {
  const { key, target, currentTarget } = event;
  if (!(target instanceof HTMLElement) || target.dataset.ts === undefined) return;
  const rows = [...currentTarget.querySelectorAll<HTMLElement>('[data-ts]')];
  const at = rows.indexOf(target);
  const moves: Record<string, number> = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: rows.length - 1 };
  const next = rows[moves[key] ?? -1];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
