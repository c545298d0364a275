import './message-body.css';
import type { ReactNode } from 'react';
import type { MessageSlice, PersonSlice } from '../../wire.ts';
import { MessageContent } from '../blocks/message-content.tsx';
import { perform } from '../notices.ts';
import { usePerson } from '../people.ts';
import { EyeIcon } from '../ui/icons.tsx';
import { dateOf, longTime, timeOf } from '../ui/time.ts';
import { focusComposer } from './composer-focus.ts';
import { EditMessage } from './edit-message.tsx';
import { Reactions } from './reactions.tsx';
import { RepliedTo } from './replied-to.tsx';
import { shownName } from './shown-name.ts';
import { showsEdited } from './shows-edited.ts';
import { ThreadBar } from './thread-bar.tsx';

export interface MessageBodyProps {
  message: MessageSlice;
  isCompact: boolean;
  isEditing: boolean;
  isInThread: boolean;
  onEdited: () => void;
}

/** Right of the author's picture: who, when, what, and what came of it. */
export function MessageBody({ message, isCompact, isEditing, isInThread, onEdited }: MessageBodyProps) {
  return (
    <div className="message-body">
      {message.ephemeral ? <OnlyYou /> : null}
      <Heading message={message} isCompact={isCompact} />
      {message.isBroadcast && !isInThread ? <RepliedTo message={message} /> : null}
      {isEditing ? <EditMessage message={message} onDone={onEdited} /> : <Said message={message} />}
      {message.reactions.length > 0 && !message.deleted ? <Reactions message={message} /> : null}
      {message.replies > 0 && !isInThread ? <ThreadBar message={message} /> : null}
      {message.ephemeral ? <Dismiss message={message} /> : null}
    </div>
  );
}

function OnlyYou() {
  return (
    <p className="message-body-only">
      <EyeIcon size={14} /> Only visible to you
    </p>
  );
}

function Heading({ message: { by, ts, deleted }, isCompact }: { message: MessageSlice; isCompact: boolean }) {
  const person = usePerson(by);
  if (deleted) return null;
  if (isCompact) return <span className="visually-hidden">{shownName(person)}</span>;
  const at = dateOf(ts);
  return (
    <p className="message-body-heading">
      <strong className="message-body-name">{shownName(person)}</strong>
      <Badges person={person} />
      <time className="message-body-time" dateTime={at.toISOString()} title={longTime(at)}>
        {timeOf(at)}
      </time>
    </p>
  );
}

function Badges({ person: { isApp, note } }: { person: PersonSlice }): ReactNode {
  if (isApp) return <span className="message-body-badge">APP</span>;
  return note === undefined ? null : <span className="message-body-note">{note}</span>;
}

function Said({ message }: { message: MessageSlice }) {
  const { isApp } = usePerson(message.by);
  if (message.deleted) return <p className="message-body-tombstone">This message was deleted.</p>;
  return (
    <>
      <MessageContent message={message} />
      {showsEdited(message, isApp) ? <span className="message-body-edited">(edited)</span> : null}
    </>
  );
}

function Dismiss({ message: { channel, ts, thread } }: { message: MessageSlice }) {
  async function dismiss(): Promise<void> {
    const { ok } = await perform({ do: 'dismiss', channel, ts });
    // The button goes with the message, and the focus would go with the button.
    if (ok) focusComposer({ channel, thread });
  }
  return (
    <button type="button" className="message-body-dismiss" onClick={() => void dismiss()}>
      Dismiss
    </button>
  );
}
