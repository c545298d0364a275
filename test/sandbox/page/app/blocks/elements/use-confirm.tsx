import { type ReactNode, useState } from 'react';
import type { Confirm } from '../kit.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';

export interface Confirming {
  /** Does it, after the question that the app asks before it, if there is one. */
  ask(deed: () => void): void;
  /** To be rendered where the element is. */
  dialog: ReactNode;
}

export function useConfirm(confirm: Confirm | undefined): Confirming {
  const [asked, setAsked] = useState<{ deed: () => void }>();
  return {
    ask: (deed) => (confirm ? setAsked({ deed }) : deed()),
    dialog: confirm && (
      <ConfirmDialog
        confirm={confirm}
        isOpen={asked !== undefined}
        onEnd={(isConfirmed) => {
          setAsked(undefined);
          if (isConfirmed) asked?.deed();
        }}
      />
    ),
  };
}
