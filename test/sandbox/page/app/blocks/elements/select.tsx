import './select.css';
import { Combobox } from '@base-ui/react/combobox';
import type { SyntheticEvent } from 'react';
import { type Choice, type ChoiceGroup, isSame } from './choice.ts';
import { keepOnEscape } from './keep-on-escape.ts';
import { SelectPopup } from './select-popup.tsx';
import { useStable } from './use-stable.ts';

export interface SelectProps {
  groups: ChoiceGroup[];
  chosen: Choice | null;
  onChoose(choice: Choice | null): void;
  /** Undefined where a label says it. */
  name: string | undefined;
  placeholder: string;
  /** The name of the button that empties it; undefined where something must be chosen. */
  emptying: string | undefined;
  /** Where the choices are not all there, but searched for. */
  search?: Search | undefined;
}

export interface Search {
  status: string | undefined;
  onType(typed: string): void;
  onOpen(isOpen: boolean): void;
}

/** What is typed takes the place of what is chosen. */
function selectAll(event: SyntheticEvent<HTMLInputElement>): void {
  // A click would put the cursor where it was.
  event.preventDefault();
  event.currentTarget.select();
}

/** One of several, found by typing. */
export function Select({ groups, chosen, onChoose, name, placeholder, emptying, search }: SelectProps) {
  // What is typed would be gone with every other object.
  const items = useStable(groups);
  const value = useStable(chosen);
  return (
    <Combobox.Root
      items={items}
      value={value}
      onValueChange={(choice, details) => {
        if (!keepOnEscape(details) && (choice || emptying)) onChoose(choice);
      }}
      isItemEqualToValue={isSame}
      itemToStringLabel={({ label }: Choice) => label}
      itemToStringValue={({ value }: Choice) => value}
      autoHighlight
      onInputValueChange={(typed, details) => {
        // Otherwise it only shows what is chosen.
        if (!keepOnEscape(details)) search?.onType(details.reason === 'input-change' ? typed : '');
      }}
      {...(search ? { filter: null, onOpenChange: (isOpen) => search.onOpen(isOpen) } : {})}
    >
      <div className="select">
        <Combobox.Input
          className="text-input select-input"
          placeholder={placeholder}
          aria-label={name}
          onFocus={selectAll}
          onMouseUp={selectAll}
        />
        <span className="select-signs">
          {emptying === undefined ? null : (
            <Combobox.Clear className="select-clear" aria-label={emptying}>
              ×
            </Combobox.Clear>
          )}
          <span className="select-caret" aria-hidden="true">
            ▾
          </span>
        </span>
      </div>
      <SelectPopup status={search?.status} />
    </Combobox.Root>
  );
}
