import './top-bar.css';
import { AS } from '../connection.ts';
import type { DockTab } from '../dock/dock.tsx';
import { useMe, usePeople } from '../people.ts';
import { Avatar } from '../ui/avatar.tsx';
import { WindowIcon } from '../ui/icons.tsx';
import { Menu } from '../ui/menu.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

export interface TopBarProps {
  dock: DockTab | undefined;
  onDock: (tab: DockTab | undefined) => void;
}

const DOCKS: [DockTab, string][] = [
  ['cluster', 'Cluster'],
  ['traffic', 'Traffic'],
];

/** Who one is, and what else there is to see beside Slack. */
export function TopBar({ dock, onDock }: TopBarProps) {
  return (
    <header className="top-bar">
      <p className="top-bar-title">
        <strong>opsbot sandbox</strong>
        <span className="top-bar-about">A Slack of its own: nothing leaves this machine.</span>
      </p>
      <div className="top-bar-tools">
        {DOCKS.map(([tab, label]) => (
          <button
            key={tab}
            type="button"
            className="top-bar-button"
            aria-pressed={dock === tab}
            onClick={() => onDock(dock === tab ? undefined : tab)}
          >
            {label}
          </button>
        ))}
        <ThemeSwitch />
        <PersonSwitch />
      </div>
    </header>
  );
}

const urlOf = (name: string) => `/?as=${encodeURIComponent(name)}${window.location.hash.replace(/\/.*$/, '')}`;

function PersonSwitch() {
  const me = useMe();
  const others = usePeople().filter(({ playable, name }) => playable && name !== AS);
  const about = (note: string | undefined) => (note === undefined ? '' : `, ${note}`);
  const entries = others.flatMap(({ id, name, realName, note }) => [
    {
      label: `Be ${realName}`,
      description: note && `A ${note}: may look, may not decide`,
      icon: <Avatar user={id} size={28} />,
      onSelect: () => window.location.assign(urlOf(name)),
    },
  ]);
  const windows = others.map(({ name, realName }) => ({
    label: `${realName} in another window`,
    icon: <WindowIcon />,
    onSelect: () => void window.open(urlOf(name), '_blank', 'noopener'),
  }));
  return (
    <Menu
      align="end"
      entries={[...entries, ...windows]}
      trigger={
        <button type="button" className="top-bar-person">
          <Avatar user={me.id} size={26} />
          <span>
            You are <strong>{me.realName}</strong>
            {about(me.note)}
            <span className="visually-hidden">: be somebody else</span>
          </span>
          <span aria-hidden="true">▾</span>
        </button>
      }
    />
  );
}
