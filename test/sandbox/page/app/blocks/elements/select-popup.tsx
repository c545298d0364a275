import { Combobox } from '@base-ui/react/combobox';
import type { Choice, ChoiceGroup } from './choice.ts';

/** The list below a select; `status` stands in its place where there is nothing to choose from. */
export function SelectPopup({ status }: { status: string | undefined }) {
  return (
    <Combobox.Portal>
      <Combobox.Positioner className="select-positioner" sideOffset={4} align="start">
        <Combobox.Popup className="select-popup">
          <Combobox.Status className="select-status">{status}</Combobox.Status>
          {/* Without it Escape would close the modal around an empty list, and not the list. */}
          <Combobox.Empty className="select-status">{status === undefined ? 'No results' : null}</Combobox.Empty>
          <Combobox.List className="select-list">
            {(group: ChoiceGroup) => (
              <Combobox.Group key={group.label ?? ''} items={group.items}>
                {group.label === undefined ? null : (
                  <Combobox.GroupLabel className="select-group">{group.label}</Combobox.GroupLabel>
                )}
                <Combobox.Collection>
                  {(choice: Choice) => (
                    <Combobox.Item key={choice.value} value={choice} className="select-item">
                      <span className="select-tick">
                        <Combobox.ItemIndicator>✓</Combobox.ItemIndicator>
                      </span>
                      <span>
                        {choice.label}
                        {choice.description ? <span className="select-description">{choice.description}</span> : null}
                      </span>
                    </Combobox.Item>
                  )}
                </Combobox.Collection>
              </Combobox.Group>
            )}
          </Combobox.List>
        </Combobox.Popup>
      </Combobox.Positioner>
    </Combobox.Portal>
  );
}
