import './text-input.css';
import { Input } from '@base-ui/react/input';
import type { KeyboardEvent } from 'react';
import { wordsOf } from '../text/plain-text.ts';
import type { ElementProps } from './element-props.ts';
import { nameOf } from './name-of.ts';
import { useTyped } from './use-typed.ts';

/** Slack counts aloud when so many characters are left. */
const COUNTED_FROM = 50;
const LENGTH_MAX = 3000;

const MODES: Record<string, 'email' | 'url'> = { email_text_input: 'email', url_text_input: 'url' };

/** Text on one line or several. */
export function TextInput(props: ElementProps) {
  const { element } = props;
  const { text, type, send, submit } = useTyped(props);
  const left = (element.max_length ?? LENGTH_MAX) - text.length;
  const onEnter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  const common = {
    className: 'text-input',
    value: text,
    onValueChange: type,
    onBlur: send,
    placeholder: wordsOf(element.placeholder),
    autoComplete: 'off',
    'aria-label': nameOf(props),
  };
  return (
    <div className="text-input-box">
      {element.multiline ? (
        <Input {...common} render={<textarea rows={3} />} />
      ) : (
        <Input {...common} inputMode={MODES[element.type] ?? 'text'} onKeyDown={onEnter} />
      )}
      {left <= COUNTED_FROM ? (
        <span className={left < 0 ? 'text-input-over' : 'text-input-left'}>
          {left}
          <span className="visually-hidden"> characters left</span>
        </span>
      ) : null}
    </div>
  );
}
