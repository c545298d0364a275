import './modals.css';
import { Dialog } from '@base-ui/react/dialog';
import { useRef } from 'react';
import { perform } from '../notices.ts';
import { useSlice } from '../store.ts';
import { firstField } from './first-field.ts';
import { ModalView } from './modal-view.tsx';

/** The modals that are open, one above the other: the top one can be used, the edges of the others are seen. */
export function Modals() {
  const views = useSlice('modals') ?? [];
  const popup = useRef<HTMLDivElement>(null);
  const top = views.at(-1);
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
          {top ? <ModalView key={top.view.id} slice={top} isPushed={views.length > 1} /> : null}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
