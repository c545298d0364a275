import './confirm-dialog.css';
import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { Confirm } from '../kit.ts';
import { wordsOf } from '../text/plain-text.ts';
import { TextView } from '../text/text-view.tsx';

export interface ConfirmDialogProps {
  confirm: Confirm;
  isOpen: boolean;
  onEnd(isConfirmed: boolean): void;
}

/** The question before an action. */
export function ConfirmDialog({ confirm, isOpen, onEnd }: ConfirmDialogProps) {
  const yes = confirm.style === 'danger' ? 'block-button-danger' : 'block-button-primary';
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={() => onEnd(false)}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="confirm-backdrop" />
        <AlertDialog.Popup className="confirm">
          <AlertDialog.Title className="confirm-title">{wordsOf(confirm.title) || 'Are you sure?'}</AlertDialog.Title>
          <AlertDialog.Description className="confirm-text" render={<div />}>
            <TextView text={confirm.text} />
          </AlertDialog.Description>
          <div className="confirm-ends">
            <AlertDialog.Close className="block-button block-button-large">
              {wordsOf(confirm.deny) || 'Cancel'}
            </AlertDialog.Close>
            <button type="button" className={`block-button block-button-large ${yes}`} onClick={() => onEnd(true)}>
              {wordsOf(confirm.confirm) || 'Yes'}
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
