import './text-input.css';
import { Input } from '@base-ui/react/input';
import { enteredText } from '../entered.ts';
import { useSurface } from '../surface.ts';
import type { ElementProps } from './element-props.ts';
import { nameOf } from './name-of.ts';
import { useAddress } from './use-address.ts';
import { useChosen } from './use-chosen.ts';

/** A date or a time, in the browser's own picker. */
export function MomentInput(props: ElementProps) {
  const { element } = props;
  const { entered } = useSurface();
  const known = enteredText(entered, useAddress(props), element);
  const { shown, choose, dialog } = useChosen(props, known, (value) => value || null);
  return (
    <div className="moment-input">
      <Input
        className="text-input"
        type={element.type === 'timepicker' ? 'time' : 'date'}
        value={shown}
        onValueChange={choose}
        aria-label={nameOf(props)}
      />
      {dialog}
    </div>
  );
}
