import { type ReactNode, useState } from 'react';
import { Question } from '../../ui/question.tsx';
import type { Confirm } from '../kit.ts';
import { wordsOf } from '../text/plain-text.ts';
import { TextView } from '../text/text-view.tsx';

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
      <Question
        title={wordsOf(confirm.title) || 'Are you sure?'}
        text={<TextView text={confirm.text} />}
        yes={wordsOf(confirm.confirm) || 'Yes'}
        no={wordsOf(confirm.deny) || 'Cancel'}
        isDanger={confirm.style === 'danger'}
        isOpen={asked !== undefined}
        onEnd={(isConfirmed) => {
          setAsked(undefined);
          if (isConfirmed) asked?.deed();
        }}
      />
    ),
  };
}
