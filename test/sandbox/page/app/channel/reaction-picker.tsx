import './reaction-picker.css';
import { Autocomplete } from '@base-ui/react/autocomplete';
import { Popover } from '@base-ui/react/popover';
import { type ReactElement, useState } from 'react';
import { emojiOf } from '../ui/emoji.ts';
import { type NamedEmoji, searchEmoji } from '../ui/search-emoji.ts';

export interface ReactionPickerProps {
  /** A button; it gets its behaviour from here. */
  trigger: ReactElement<Record<string, unknown>>;
  onPick: (emoji: string) => void;
  onOpenChange?: (open: boolean) => void;
}

const COLUMNS = 8;
const FOUND = 64;

const COMMON = [
  ...['white_check_mark', 'eyes', '+1', '-1', 'tada', 'rocket', 'fire', 'heart'],
  ...['joy', 'thinking', 'raised_hands', 'pray', 'wave', 'clap', '100', 'ok_hand'],
  ...['x', 'warning', 'rotating_light', 'boom', 'bug', 'hourglass', 'wrench', 'coffee'],
].map((name) => ({ name, emoji: emojiOf(name) }));

const rowsOf = (emoji: readonly NamedEmoji[]): NamedEmoji[][] =>
  Array.from({ length: Math.ceil(emoji.length / COLUMNS) }, (_, row) =>
    emoji.slice(row * COLUMNS, (row + 1) * COLUMNS),
  );

/** Common emoji behind a button, and all others by their names. */
export function ReactionPicker({ trigger, onPick, onOpenChange }: ReactionPickerProps) {
  const [isOpen, setOpen] = useState(false);

  function change(open: boolean): void {
    setOpen(open);
    onOpenChange?.(open);
  }

  return (
    <Popover.Root open={isOpen} onOpenChange={change}>
      <Popover.Trigger render={trigger} />
      <Popover.Portal>
        <Popover.Positioner className="reaction-picker-positioner" side="top" align="end" sideOffset={4}>
          <Popover.Popup className="reaction-picker" aria-label="Add reaction">
            <EmojiGrid
              onPick={(emoji) => {
                onPick(emoji);
                change(false);
              }}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function EmojiGrid({ onPick }: { onPick: (emoji: string) => void }) {
  const [typed, setTyped] = useState('');
  const shown = typed.trim() === '' ? COMMON : searchEmoji(typed.trim(), FOUND);
  return (
    <Autocomplete.Root
      items={shown}
      mode="none"
      grid
      inline
      open
      autoHighlight
      value={typed}
      onValueChange={(value, { reason }) => {
        if (reason !== 'item-press') setTyped(value);
      }}
      itemToStringValue={({ name }: NamedEmoji) => name}
    >
      <Autocomplete.Input aria-label="Search all emoji" placeholder="Search all emoji" spellCheck={false} />
      <Autocomplete.Empty className="reaction-picker-none">
        {shown.length === 0 ? 'No emoji has that in its name.' : null}
      </Autocomplete.Empty>
      <Autocomplete.List aria-label="Emoji" className="reaction-picker-list">
        {rowsOf(shown).map((row) => (
          <Autocomplete.Row key={row[0]?.name} className="reaction-picker-row">
            {row.map((item) => (
              <Autocomplete.Item
                key={item.name}
                value={item}
                className="reaction-picker-emoji"
                aria-label={item.name}
                title={`:${item.name}:`}
                onClick={() => onPick(item.name)}
              >
                {item.emoji}
              </Autocomplete.Item>
            ))}
          </Autocomplete.Row>
        ))}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}
