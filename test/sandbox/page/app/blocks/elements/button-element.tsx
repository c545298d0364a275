import './button-element.css';
import { useRef, useState } from 'react';
import type { Gesture } from '../../../wire.ts';
import { perform } from '../../notices.ts';
import { wordsOf } from '../text/plain-text.ts';
import type { ElementProps } from './element-props.ts';
import { useAddress } from './use-address.ts';
import { useConfirm } from './use-confirm.tsx';

/** True until the gesture is answered; another one meanwhile is not sent. */
function useBusy(): [boolean, (gesture: Gesture) => Promise<void>] {
  const [isBusy, setBusy] = useState(false);
  const sending = useRef(false);
  async function send(gesture: Gesture): Promise<void> {
    if (sending.current) return;
    sending.current = true;
    setBusy(true);
    await perform(gesture);
    sending.current = false;
    setBusy(false);
  }
  return [isBusy, send];
}

export function ButtonElement(props: ElementProps) {
  const { element } = props;
  const address = useAddress(props);
  const [isBusy, send] = useBusy();
  const { ask, dialog } = useConfirm(element.confirm);
  const style = element.style ? `block-button block-button-${element.style}` : 'block-button';
  const press = () => ask(() => void send({ do: 'press', ...address }));
  const label = wordsOf(element.text);
  if (element.url !== undefined) {
    return (
      <a className={style} href={element.url} target="_blank" rel="noreferrer" onClick={press}>
        {label}
      </a>
    );
  }
  return (
    <>
      <button
        type="button"
        className={style}
        aria-label={element.accessibility_label}
        aria-busy={isBusy}
        onClick={press}
      >
        {label}
      </button>
      {dialog}
    </>
  );
}
