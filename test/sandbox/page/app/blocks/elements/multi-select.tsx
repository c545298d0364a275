import './select.css';
import { Combobox } from '@base-ui/react/combobox';
import { type Choice, type ChoiceGroup, isSame } from './choice.ts';
import { keepOnEscape } from './keep-on-escape.ts';
import type { Search } from './select.tsx';
import { SelectPopup } from './select-popup.tsx';
import { useStable } from './use-stable.ts';

export interface MultiSelectProps {
  groups: ChoiceGroup[];
  chosen: Choice[];
  onChoose(choices: Choice[]): void;
  /** Undefined where a label says it. */
  name: string | undefined;
  placeholder: string;
  search?: Search | undefined;
}

/** Any of several, found by typing. */
export function MultiSelect({ groups, chosen, onChoose, name, placeholder, search }: MultiSelectProps) {
  // What is typed would be gone with every other object.
  const items = useStable(groups);
  const value = useStable(chosen);
  return (
    <Combobox.Root
      multiple
      items={items}
      value={value}
      onValueChange={(choices, details) => {
        if (!keepOnEscape(details)) onChoose(choices);
      }}
      isItemEqualToValue={isSame}
      itemToStringLabel={({ label }: Choice) => label}
      itemToStringValue={({ value }: Choice) => value}
      autoHighlight
      onInputValueChange={(typed, details) => {
        if (!keepOnEscape(details)) search?.onType(typed);
      }}
      {...(search ? { filter: null, onOpenChange: (isOpen) => search.onOpen(isOpen) } : {})}
    >
      <Combobox.Chips className="multi-select">
        {chosen.map((choice) => (
          <Combobox.Chip key={choice.value} className="multi-select-chip" aria-label={choice.label}>
            {choice.label}
            <Combobox.ChipRemove className="select-clear" aria-label={`Remove ${choice.label}`}>
              ×
            </Combobox.ChipRemove>
          </Combobox.Chip>
        ))}
        <Combobox.Input
          className="multi-select-input"
          placeholder={chosen.length === 0 ? placeholder : ''}
          aria-label={name}
        />
      </Combobox.Chips>
      <SelectPopup status={search?.status} />
    </Combobox.Root>
  );
}
