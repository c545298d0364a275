import './message-row.css';
import { memo, useState } from 'react';
import type { MessageSlice } from '../../wire.ts';
import { Avatar } from '../ui/avatar.tsx';
import { dateOf, timeOf } from '../ui/time.ts';
import { MessageBody } from './message-body.tsx';
import { MessageToolbar } from './message-toolbar.tsx';
import { useRowFocus } from './use-row-focus.ts';

export interface MessageRowProps {
  message: MessageSlice;
  me: string;
  isCompact: boolean;
  /** Of all messages this is the one that Tab goes to. */
  isStop: boolean;
  isPointedAt: boolean;
  isEditing: boolean;
  isInThread: boolean;
  /** Undefined: no longer. */
  onEdit: (ts: string | undefined) => void;
  onDelete: (message: MessageSlice) => void;
}

/** One message with all that Slack puts around what it says. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, me, isCompact, isStop, isPointedAt, isEditing, isInThread, onEdit, onDelete } = props;
  const [isMenuOpen, setMenuOpen] = useState(false);
  const { row, isFocused, onFocus, onBlur } = useRowFocus();
  const isActive = isPointedAt || isFocused || isMenuOpen;
  const canAct = isActive && !isEditing && !message.ephemeral && !message.deleted;
  return (
    <li
      ref={row}
      className="message-row"
      data-ts={message.ts}
      data-kind={kindOf(message, isEditing)}
      data-compact={isCompact}
      data-active={canAct}
      tabIndex={isStop ? 0 : -1}
      onFocus={onFocus}
      onBlur={onBlur}
    >
      <Gutter message={message} isCompact={isCompact} />
      <MessageBody
        message={message}
        isCompact={isCompact}
        isEditing={isEditing}
        isInThread={isInThread}
        onEdited={() => onEdit(undefined)}
      />
      {canAct ? (
        <MessageToolbar
          message={message}
          me={me}
          canReply={!isInThread}
          onEdit={() => onEdit(message.ts)}
          onDelete={() => onDelete(message)}
          onOpenChange={setMenuOpen}
        />
      ) : null}
    </li>
  );
});

function kindOf({ ephemeral }: MessageSlice, isEditing: boolean): 'editing' | 'ephemeral' | 'said' {
  if (isEditing) return 'editing';
  return ephemeral ? 'ephemeral' : 'said';
}

/** Left of a message: who it is of, or, pointed at, when it was said. */
function Gutter({ message: { by, ts, deleted }, isCompact }: { message: MessageSlice; isCompact: boolean }) {
  if (isCompact) {
    return (
      <span className="message-row-gutter message-row-side-time" aria-hidden="true">
        {timeOf(dateOf(ts)).replace(/\s?[AP]M$/, '')}
      </span>
    );
  }
  return (
    <span className="message-row-gutter">{deleted ? <span className="message-row-gone" /> : <Avatar user={by} />}</span>
  );
}
