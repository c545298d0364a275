import './message-row.css';
import { memo, type ReactNode, useState } from 'react';
import type { MessageSlice, PersonSlice } from '../../wire.ts';
import { MessageContent } from '../blocks/message-content.tsx';
import { perform } from '../notices.ts';
import { usePerson } from '../people.ts';
import { Avatar } from '../ui/avatar.tsx';
import { dateOf, longTime, timeOf } from '../ui/time.ts';
import { EditMessage } from './edit-message.tsx';
import { EyeIcon } from './icons.tsx';
import { MessageToolbar } from './message-toolbar.tsx';
import { Reactions } from './reactions.tsx';
import { RepliedTo } from './replied-to.tsx';
import { ThreadBar } from './thread-bar.tsx';

export interface MessageRowProps {
  message: MessageSlice;
  me: string;
  isCompact: boolean;
  /** Of all messages this is the one that Tab goes to. */
  isStop: boolean;
  isEditing: boolean;
  isInThread: boolean;
  /** Undefined: no longer. */
  onEdit: (ts: string | undefined) => void;
  onDelete: (message: MessageSlice) => void;
}

/** One message with all that Slack puts around what it says. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, me, isCompact, isStop, isEditing, isInThread, onEdit, onDelete } = props;
  const { active, holders, setMenuOpen } = useActive();
  const canAct = active && !isEditing && !message.ephemeral && !message.deleted;
  const kind = isEditing ? 'editing' : message.ephemeral ? 'ephemeral' : 'said';
  return (
    <li
      className="message-row"
      data-ts={message.ts}
      data-kind={kind}
      data-compact={isCompact}
      data-active={canAct}
      tabIndex={isStop ? 0 : -1}
      {...holders}
    >
      <Gutter message={message} isCompact={isCompact} />
      <div className="message-row-body">
        {message.ephemeral ? (
          <p className="message-row-only">
            <EyeIcon size={14} /> Only visible to you
          </p>
        ) : null}
        {message.isBroadcast && !isInThread ? <RepliedTo message={message} /> : null}
        <Heading message={message} isCompact={isCompact} />
        {isEditing ? <EditMessage message={message} onDone={() => onEdit(undefined)} /> : <Said message={message} />}
        {message.reactions.length > 0 && !message.deleted ? <Reactions message={message} /> : null}
        {message.replies > 0 && !isInThread ? <ThreadBar message={message} /> : null}
        {message.ephemeral ? <Dismiss message={message} /> : null}
      </div>
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

/** The toolbar is there while the pointer or the focus is on the message, or a menu of it is open. */
function useActive() {
  const [isPointedAt, setPointedAt] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const holders = {
    onPointerEnter: () => setPointedAt(true),
    onPointerLeave: () => setPointedAt(false),
    onFocus: () => setFocused(true),
    onBlur: ({ currentTarget, relatedTarget }: React.FocusEvent) =>
      setFocused(currentTarget.contains(relatedTarget as Node | null)),
  };
  return { active: isPointedAt || isFocused || isMenuOpen, holders, setMenuOpen };
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
  return <span className="message-row-gutter">{deleted ? <Gone /> : <Avatar user={by} />}</span>;
}

const Gone = () => <span className="message-row-gone" aria-hidden="true" />;

function Heading({ message: { by, ts, deleted }, isCompact }: { message: MessageSlice; isCompact: boolean }) {
  const person = usePerson(by);
  if (deleted) return null;
  if (isCompact) return <span className="visually-hidden">{person.realName}</span>;
  const at = dateOf(ts);
  return (
    <p className="message-row-heading">
      <strong className="message-row-name">{person.realName}</strong>
      <Badges person={person} />
      <time className="message-row-time" dateTime={at.toISOString()} title={longTime(at)}>
        {timeOf(at)}
      </time>
    </p>
  );
}

function Badges({ person: { isApp, note } }: { person: PersonSlice }): ReactNode {
  if (isApp) return <span className="message-row-badge">APP</span>;
  return note === undefined ? null : <span className="message-row-note">{note}</span>;
}

function Said({ message }: { message: MessageSlice }) {
  if (message.deleted) return <p className="message-row-tombstone">This message was deleted.</p>;
  return (
    <div className="message-row-said">
      <MessageContent message={message} />
      {message.edited ? <span className="message-row-edited">(edited)</span> : null}
    </div>
  );
}

function Dismiss({ message: { channel, ts } }: { message: MessageSlice }) {
  return (
    <button type="button" className="message-row-dismiss" onClick={() => void perform({ do: 'dismiss', channel, ts })}>
      Dismiss
    </button>
  );
}
