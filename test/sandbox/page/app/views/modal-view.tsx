import { Dialog } from '@base-ui/react/dialog';
import { useEffect, useMemo, useRef } from 'react';
import type { ViewSlice } from '../../wire.ts';
import { Blocks } from '../blocks/blocks.tsx';
import { FormContext } from '../blocks/form.ts';
import { wordsOf } from '../blocks/text/plain-text.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { firstInvalid } from './first-field.ts';
import { useSubmission } from './use-submission.ts';

export interface ModalViewProps {
  slice: ViewSlice;
  /** There is another one below it. */
  isPushed: boolean;
}

/** One view: its title, its blocks, and what ends it. */
export function ModalView({ slice: { view, entered }, isPushed }: ModalViewProps) {
  const { form, answered, errors, failure, isBusy } = useSubmission(view.id);
  const on = useMemo(() => ({ view: view.id }), [view.id]);
  const body = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (answered) firstInvalid(body.current)?.focus();
  }, [answered]);

  return (
    <>
      <header className="modal-head">
        <Dialog.Title className="modal-title">{wordsOf(view.title ?? undefined)}</Dialog.Title>
        <Dialog.Close render={<IconButton label="Close">×</IconButton>} />
      </header>
      <div className="modal-body" ref={body}>
        <FormContext value={form}>
          <Blocks blocks={view.blocks} on={on} entered={entered} {...(errors ? { errors } : {})} />
        </FormContext>
      </div>
      {failure === undefined ? null : (
        <p className="modal-failure" role="alert">
          {failure}
        </p>
      )}
      <footer className="modal-foot">
        <Dialog.Close className="block-button block-button-large">
          {wordsOf(view.close ?? undefined) || (isPushed ? 'Back' : 'Cancel')}
        </Dialog.Close>
        {view.submit ? (
          <button
            type="button"
            className="block-button block-button-primary block-button-large"
            aria-busy={isBusy}
            onClick={form.submit}
          >
            {wordsOf(view.submit)}
          </button>
        ) : null}
      </footer>
    </>
  );
}
