import './status-row.css';
import { Button } from '@base-ui/react/button';
import type { ReactNode, Ref } from 'react';

/** How a machine is: `good` runs, `waits` is on its way back, `bad` is away. */
export type Health = 'good' | 'waits' | 'bad';

export interface StatusRowProps {
  name: string;
  health: Health;
  status: ReactNode;
  /** A button, where something can be done to it. */
  children?: ReactNode;
}

/** A machine, how it is, and what can be done to it. */
export function StatusRow({ name, health, status, children }: StatusRowProps) {
  return (
    <li className="status-row">
      <span className={`status-dot status-dot-${health}`} aria-hidden="true" />
      <span className="status-words">
        <strong className="status-name">{name}</strong> <span className="status-text">{status}</span>
      </span>
      {children}
    </li>
  );
}

export interface DeedButtonProps {
  label: string;
  /** What it is done to, for those who do not see the row. */
  to: string;
  disabled?: boolean;
  onClick(): void;
  ref?: Ref<HTMLButtonElement>;
}

export function DeedButton({ label, to, disabled = false, onClick, ref }: DeedButtonProps) {
  return (
    <Button ref={ref} className="dock-button" disabled={disabled} focusableWhenDisabled onClick={onClick}>
      {label}
      <span className="visually-hidden"> {to}</span>
    </Button>
  );
}
