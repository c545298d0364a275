import './menu.css';
import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';

export interface MenuEntry {
  label: string;
  /** A second line, softer. */
  description?: string | undefined;
  /** Before the label. */
  icon?: ReactNode;
  danger?: boolean | undefined;
  onSelect(): void;
}

export interface MenuProps {
  /** A button; it gets its behaviour from here. */
  trigger: ReactElement<Record<string, unknown>>;
  entries: readonly MenuEntry[];
  side?: 'top' | 'bottom' | 'right';
  align?: 'start' | 'end';
  onOpenChange?: (open: boolean) => void;
}

/** A menu behind a button; arrow keys and letters move in it. */
export function Menu({ trigger, entries, side = 'bottom', align = 'start', onOpenChange }: MenuProps) {
  return (
    <Base.Root {...(onOpenChange ? { onOpenChange } : {})}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="menu-positioner" side={side} align={align} sideOffset={4}>
          <Base.Popup className="menu">
            {entries.map(({ label, description, icon, danger, onSelect }) => (
              <Base.Item
                key={label}
                className={danger ? 'menu-item menu-item-danger' : 'menu-item'}
                onClick={onSelect}
                label={label}
              >
                {icon === undefined ? null : <span className="menu-icon">{icon}</span>}
                <span>
                  <span className="menu-label">{label}</span>
                  {description ? <span className="menu-description">{description}</span> : null}
                </span>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
