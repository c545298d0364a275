import { perform } from '../../notices.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { wordsOf } from '../text/plain-text.ts';
import type { ElementProps } from './element-props.ts';
import { useAddress } from './use-address.ts';
import { useConfirm } from './use-confirm.tsx';

/** A menu behind three dots. */
export function Overflow(props: ElementProps) {
  const address = useAddress(props);
  const { ask, dialog } = useConfirm(props.element.confirm);
  const entries = (props.element.options ?? []).map(({ text, description, value }) => ({
    label: wordsOf(text),
    description: wordsOf(description) || undefined,
    onSelect: () => ask(() => void perform({ do: 'press', ...address, option: value })),
  }));
  return (
    <>
      <Menu trigger={<IconButton label="Options">⋯</IconButton>} entries={entries} align="end" />
      {dialog}
    </>
  );
}
