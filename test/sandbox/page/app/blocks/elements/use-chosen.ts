import { type ReactNode, useState } from 'react';
import type { Entry } from '../../../wire.ts';
import { perform } from '../../notices.ts';
import { useForm } from '../form.ts';
import type { ElementProps } from './element-props.ts';
import { useAddress } from './use-address.ts';
import { useConfirm } from './use-confirm.tsx';

export interface Chosen<T> {
  shown: T;
  choose(value: T): void;
  /** To be rendered where the element is. */
  dialog: ReactNode;
}

/** What is chosen, shown at once; what the sandbox says counts as soon as it says something else than before. */
export function useChosen<T>(props: ElementProps, known: T, entryOf: (value: T) => Entry): Chosen<T> {
  const address = useAddress(props);
  const form = useForm();
  const { ask, dialog } = useConfirm(props.element.confirm);
  const [mine, setMine] = useState<{ before: string; value: T }>();
  const before = JSON.stringify(known);

  async function enter(value: T): Promise<void> {
    setMine({ before, value });
    form?.change(address.block);
    const { ok } = await perform({ do: 'enter', ...address, entry: entryOf(value) });
    if (!ok) setMine(undefined);
  }

  return {
    shown: mine?.before === before ? mine.value : known,
    choose: (value) => ask(() => void enter(value)),
    dialog,
  };
}
