import './modals.css';
import { Dialog } from '@base-ui/react/dialog';
import { useEffect, useRef, useState } from 'react';
import { perform } from '../notices.ts';
import { useSlice } from '../store.ts';
import { firstField } from './first-field.ts';
import { ModalView } from './modal-view.tsx';

/** The modals that are open, one above the other: the top one can be used, the edges of the others are seen. */
export function Modals() {
  const views = useSlice('modals') ?? [];
  const popup = useRef<HTMLDivElement>(null);
  const top = views.at(-1);
  const [last, setLast] = useState(top);
  if (top && top !== last) setLast(top);
  // The dialog gives the focus back as long as its content is still there.
  const shown = top ?? last;

  // When it opens, the dialog itself moves the focus; not when another view takes the place of the one before.
  const focused = useRef<string>(undefined);
  const id = top?.view.id;
  useEffect(() => {
    if (id !== undefined && focused.current !== undefined) (firstField(popup.current) ?? popup.current)?.focus();
    focused.current = id;
  }, [id]);

  const close = () => top && void perform({ do: 'close', view: top.view.id });
  return (
    <Dialog.Root open={top !== undefined} onOpenChange={close} disablePointerDismissal>
      <Dialog.Portal>
        <Dialog.Backdrop className="modal-backdrop" />
        <Dialog.Popup
          ref={popup}
          className="modal"
          data-below={Math.min(views.length - 1, 2)}
          initialFocus={() => firstField(popup.current) ?? true}
        >
          {shown ? <ModalView key={shown.view.id} slice={shown} isPushed={views.length > 1} /> : null}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
