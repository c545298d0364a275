import { useEffect, useRef, useState } from 'react';
import { perform } from '../../notices.ts';
import { enteredText } from '../entered.ts';
import { useForm } from '../form.ts';
import { useSurface } from '../surface.ts';
import type { ElementProps } from './element-props.ts';
import { useAddress } from './use-address.ts';

export interface Typed {
  text: string;
  type(text: string): void;
  /** Tells the app, unless it knows. */
  send(): void;
  /** What the enter key does. */
  submit(): void;
}

/** Text that is kept here while it is typed, whatever the app does to the view meanwhile. */
export function useTyped(props: ElementProps): Typed {
  const address = useAddress(props);
  const { entered } = useSurface();
  const form = useForm();
  const [typed, setTyped] = useState<string>();
  const sent = useRef<string>(undefined);
  const known = enteredText(entered, address, props.element);
  const text = typed ?? known;

  async function enter(): Promise<void> {
    if (text === (sent.current ?? known)) return;
    sent.current = text;
    const { ok } = await perform({ do: 'enter', ...address, entry: text });
    // It is tried again with the next chance.
    if (!ok) sent.current = undefined;
  }
  const send = () => void enter();

  // What is sent is what stands there then.
  useEffect(() => form?.beforeSubmit(send));

  return {
    text,
    type(typed) {
      setTyped(typed);
      form?.change(address.block);
    },
    send,
    submit() {
      if (form) form.submit();
      else send();
    },
  };
}
