import './delete-dialog.css';
import type { MessageSlice } from '../../wire.ts';
import { MessageContent } from '../blocks/message-content.tsx';
import { perform } from '../notices.ts';
import { Question } from '../ui/question.tsx';

export interface DeleteDialogProps {
  /** Closed while there is none. */
  message: MessageSlice | undefined;
  onClose: () => void;
  /** What gets the focus then. */
  focusAfter: () => HTMLElement | null;
}

/** Asks before a message is gone for good. */
export function DeleteDialog({ message, onClose, focusAfter }: DeleteDialogProps) {
  function end(isYes: boolean): void {
    onClose();
    if (isYes && message) void perform({ do: 'delete', channel: message.channel, ts: message.ts });
  }
  return (
    <Question
      title="Delete message"
      text="Are you sure you want to delete this message? This cannot be undone."
      yes="Delete"
      no="Cancel"
      isDanger
      isOpen={message !== undefined}
      onEnd={end}
      focusAfter={focusAfter}
    >
      {message ? (
        <div className="delete-dialog-message">
          <MessageContent message={message} />
        </div>
      ) : null}
    </Question>
  );
}
