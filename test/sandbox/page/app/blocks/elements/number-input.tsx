import './number-input.css';
import { Input } from '@base-ui/react/input';
import { type KeyboardEvent, useRef } from 'react';
import { wordsOf } from '../text/plain-text.ts';
import type { ElementProps } from './element-props.ts';
import { nameOf } from './name-of.ts';
import { stepped } from './stepped.ts';
import { useTyped } from './use-typed.ts';

const STEPS: Record<string, 1 | -1> = { ArrowUp: 1, ArrowDown: -1 };

/** Whatever is typed is kept, as Slack does: on submitting it says what is wrong with it. */
export function NumberInput(props: ElementProps) {
  const { element } = props;
  const { text, type, send, submit } = useTyped(props);
  const input = useRef<HTMLInputElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    if (step === undefined) submit();
    else type(stepped(text, step, element));
  };
  const stepper = (label: string, step: 1 | -1) => (
    <button
      type="button"
      className="number-input-step"
      tabIndex={-1}
      aria-hidden="true"
      onClick={() => {
        input.current?.focus();
        type(stepped(text, step, element));
      }}
    >
      {label}
    </button>
  );
  return (
    <div className="number-input">
      <Input
        ref={input}
        className="text-input"
        inputMode="numeric"
        autoComplete="off"
        value={text}
        onValueChange={type}
        onBlur={send}
        onKeyDown={onKeyDown}
        placeholder={wordsOf(element.placeholder)}
        aria-label={nameOf(props)}
      />
      <span className="number-input-steps">
        {stepper('▴', 1)}
        {stepper('▾', -1)}
      </span>
    </div>
  );
}
