import './question.css';
import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { ReactNode } from 'react';

export interface QuestionProps {
  title: string;
  /** What is asked. */
  text: ReactNode;
  /** The words of the buttons. */
  yes: string;
  no: string;
  isDanger: boolean;
  isOpen: boolean;
  onEnd: (isYes: boolean) => void;
  /** What gets the focus then; default: what had it before. */
  focusAfter?: () => HTMLElement | null;
  /** Below the text. */
  children?: ReactNode;
}

/** Asks before something is done that is hard to take back. */
export function Question({ title, text, yes, no, isDanger, isOpen, onEnd, focusAfter, children }: QuestionProps) {
  const look = isDanger ? 'block-button-danger' : 'block-button-primary';
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={() => onEnd(false)}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="question-backdrop" />
        <AlertDialog.Popup className="question" {...(focusAfter ? { finalFocus: focusAfter } : {})}>
          <AlertDialog.Title className="question-title">{title}</AlertDialog.Title>
          <AlertDialog.Description className="question-text" render={<div />}>
            {text}
          </AlertDialog.Description>
          {children}
          <div className="question-ends">
            <AlertDialog.Close className="block-button block-button-large">{no}</AlertDialog.Close>
            <button type="button" className={`block-button block-button-large ${look}`} onClick={() => onEnd(true)}>
              {yes}
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
