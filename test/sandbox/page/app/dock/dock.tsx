import './dock.css';
import { Tabs } from '@base-ui/react/tabs';
import { useRef } from 'react';
import { IconButton } from '../ui/icon-button.tsx';
import { ClusterPanel } from './cluster/cluster-panel.tsx';
import { TrafficPanel } from './traffic/traffic-panel.tsx';

export type DockTab = 'cluster' | 'traffic';

export interface DockProps {
  tab: DockTab;
  /** Undefined closes it. */
  onTab: (tab: DockTab | undefined) => void;
}

/** What lies beside Slack: the cluster, and what goes over the wire. */
export function Dock({ tab, onTab }: DockProps) {
  const opener = useRef<Element | null>(document.activeElement);
  function close(): void {
    onTab(undefined);
    if (opener.current instanceof HTMLElement) opener.current.focus();
  }
  return (
    <aside className="dock" aria-label="Cluster and traffic">
      <Tabs.Root className="dock-tabs" value={tab} onValueChange={(value: DockTab) => onTab(value)}>
        <div className="dock-head">
          <Tabs.List className="dock-tab-list">
            <Tabs.Tab className="dock-tab" value="cluster">
              Cluster
            </Tabs.Tab>
            <Tabs.Tab className="dock-tab" value="traffic">
              Traffic
            </Tabs.Tab>
          </Tabs.List>
          <IconButton label="Close" onClick={close}>
            ✕
          </IconButton>
        </div>
        <Tabs.Panel className="dock-panel dock-panel-scrolls" value="cluster">
          <ClusterPanel />
        </Tabs.Panel>
        <Tabs.Panel className="dock-panel" value="traffic" tabIndex={-1}>
          <TrafficPanel />
        </Tabs.Panel>
      </Tabs.Root>
    </aside>
  );
}
