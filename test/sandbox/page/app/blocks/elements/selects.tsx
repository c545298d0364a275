import { useState } from 'react';
import { enteredOptions } from '../entered.ts';
import { useSurface } from '../surface.ts';
import { wordsOf } from '../text/plain-text.ts';
import { type Choice, type ChoiceGroup, choiceOf, ownChoices } from './choice.ts';
import type { ElementProps } from './element-props.ts';
import { emptyingOf } from './emptying-of.ts';
import { MultiSelect } from './multi-select.tsx';
import { nameOf } from './name-of.ts';
import { type Search, Select } from './select.tsx';
import { useAddress } from './use-address.ts';
import { useChosen } from './use-chosen.ts';
import { useSuggestions } from './use-suggestions.ts';

/** Where an app does not say it. */
const LEAST_DEFAULT = 3;

interface Offered {
  groups: ChoiceGroup[];
  search?: Search;
}

/** Selects whose choices the app has put into them. */
export function StaticSelect(props: ElementProps) {
  return <OptionSelect {...props} offered={{ groups: ownChoices(props.element) }} />;
}

/** Selects that ask the app while one types. */
export function ExternalSelect(props: ElementProps) {
  const [typed, setTyped] = useState('');
  const [isOpen, setOpen] = useState(false);
  const least = props.element.min_query_length ?? LEAST_DEFAULT;
  const { choices, status } = useSuggestions(useAddress(props), { least, typed, isOpen });
  const search = {
    status,
    onType: setTyped,
    onOpen(opens: boolean) {
      setOpen(opens);
      if (!opens) setTyped('');
    },
  };
  return <OptionSelect {...props} offered={{ groups: [{ label: undefined, items: choices }], search }} />;
}

function OptionSelect({ offered, ...props }: ElementProps & { offered: Offered }) {
  const { block, element } = props;
  const isMany = element.type.startsWith('multi_');
  const { entered } = useSurface();
  const known = enteredOptions(entered, useAddress(props), element).map(choiceOf);
  const { shown, choose, dialog } = useChosen(props, known, (choices: Choice[]) => {
    const values = choices.map(({ value }) => value);
    return isMany ? values : (values[0] ?? null);
  });
  const common = {
    ...offered,
    name: nameOf(props),
    placeholder: wordsOf(element.placeholder) || (isMany ? 'Select options' : 'Select an option'),
  };
  return (
    <div>
      {isMany ? (
        <MultiSelect {...common} chosen={shown} onChoose={choose} />
      ) : (
        <Select
          {...common}
          chosen={shown[0] ?? null}
          onChoose={(choice) => choose(choice ? [choice] : [])}
          emptying={emptyingOf(block)}
        />
      )}
      {dialog}
    </div>
  );
}
