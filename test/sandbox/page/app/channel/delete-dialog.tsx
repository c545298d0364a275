import './delete-dialog.css';
import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { MessageSlice } from '../../wire.ts';
import { MessageContent } from '../blocks/message-content.tsx';
import { perform } from '../notices.ts';

export interface DeleteDialogProps {
  /** Closed while there is none. */
  message: MessageSlice | undefined;
  onClose: () => void;
  /** What gets the focus then. */
  focusAfter: () => HTMLElement | null;
}

/** Asks before a message is gone for good. */
export function DeleteDialog({ message, onClose, focusAfter }: DeleteDialogProps) {
  return (
    <AlertDialog.Root open={message !== undefined} onOpenChange={(open) => open || onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="delete-dialog-backdrop" />
        <AlertDialog.Popup className="delete-dialog" finalFocus={focusAfter}>
          <AlertDialog.Title className="delete-dialog-title">Delete message</AlertDialog.Title>
          <AlertDialog.Description>
            Are you sure you want to delete this message? This cannot be undone.
          </AlertDialog.Description>
          {message ? (
            <div className="delete-dialog-message">
              <MessageContent message={message} />
            </div>
          ) : null}
          <div className="delete-dialog-buttons">
            <AlertDialog.Close className="delete-dialog-cancel">Cancel</AlertDialog.Close>
            <AlertDialog.Close
              className="delete-dialog-delete"
              onClick={() => {
                if (message) void perform({ do: 'delete', channel: message.channel, ts: message.ts });
              }}
            >
              Delete
            </AlertDialog.Close>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
