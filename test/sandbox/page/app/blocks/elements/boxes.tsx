import './boxes.css';
import { Checkbox } from '@base-ui/react/checkbox';
import { CheckboxGroup } from '@base-ui/react/checkbox-group';
import { Field } from '@base-ui/react/field';
import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import type { ReactNode } from 'react';
import type { Option } from '../../../../../support/slack/types.ts';
import { enteredOptions } from '../entered.ts';
import { useSurface } from '../surface.ts';
import { TextView } from '../text/text-view.tsx';
import type { ElementProps } from './element-props.ts';
import { nameOf } from './name-of.ts';
import { useAddress } from './use-address.ts';
import { useChosen } from './use-chosen.ts';

const optionValue = ({ value }: Option): string => value ?? '';

export function CheckBoxes(props: ElementProps) {
  const { element } = props;
  const { entered } = useSurface();
  const known = enteredOptions(entered, useAddress(props), element).map(optionValue);
  const { shown, choose, dialog } = useChosen(props, known, (values) => values);
  return (
    <CheckboxGroup className="boxes" value={shown} onValueChange={choose} aria-label={nameOf(props)}>
      {element.options?.map((option) => (
        <Box key={optionValue(option)} option={option}>
          <Checkbox.Root className="box-mark" name={optionValue(option)} value={optionValue(option)}>
            <Checkbox.Indicator className="box-tick">✓</Checkbox.Indicator>
          </Checkbox.Root>
        </Box>
      ))}
      {dialog}
    </CheckboxGroup>
  );
}

export function RadioButtons(props: ElementProps) {
  const { element } = props;
  const { entered } = useSurface();
  const [known] = enteredOptions(entered, useAddress(props), element);
  const { shown, choose, dialog } = useChosen(props, known ? optionValue(known) : '', (value) => value);
  return (
    <RadioGroup className="boxes" value={shown} onValueChange={choose} aria-label={nameOf(props)}>
      {element.options?.map((option) => (
        <Box key={optionValue(option)} option={option}>
          <Radio.Root className="box-mark box-mark-round" value={optionValue(option)}>
            <Radio.Indicator className="box-dot" />
          </Radio.Root>
        </Box>
      ))}
      {dialog}
    </RadioGroup>
  );
}

/** An option's words beside its mark. */
function Box({ option: { text, description }, children }: { option: Option; children: ReactNode }) {
  return (
    // Its own words are its name, not those of the whole input.
    <Field.Item render={<Field.Label className="box" />}>
      {children}
      <span className="box-words">
        <TextView text={text} />
        {description ? (
          <span className="box-description">
            <TextView text={description} />
          </span>
        ) : null}
      </span>
    </Field.Item>
  );
}
