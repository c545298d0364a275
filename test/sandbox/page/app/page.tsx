import './page.css';
import { useEffect, useState } from 'react';
import { Announcer } from './channel/announcer.tsx';
import { ChannelView } from './channel/channel-view.tsx';
import { ThreadPane } from './channel/thread-pane.tsx';
import { useConnected } from './connection.ts';
import { Dock, type DockTab } from './dock/dock.tsx';
import { ChannelHeader } from './frame/channel-header.tsx';
import { Notices } from './frame/notices.tsx';
import { Sidebar } from './frame/sidebar.tsx';
import { TopBar } from './frame/top-bar.tsx';
import { usePlace } from './navigation.ts';
import { useMe } from './people.ts';
import type { Place } from './place.ts';
import { useSlice } from './store.ts';
import { AppHome } from './views/app-home.tsx';
import { Modals } from './views/modals.tsx';

/** One begins in the channel where things are asked for; also where an address is of another run, which had other ids. */
function useCurrentPlace(): Place | undefined {
  const first = useSlice('app')?.channel;
  const place = usePlace();
  const isThere = useSlice(`channel ${place?.kind === 'channel' ? place.channel : ''}`) !== undefined;
  if (place?.kind === 'home' || isThere) return place;
  return first === undefined ? undefined : { kind: 'channel', channel: first, thread: undefined };
}

function useName(place: Place | undefined): string {
  const channel = useSlice(`channel ${place?.kind === 'channel' ? place.channel : ''}`);
  if (channel?.kind === 'channel') return `#${channel.name}`;
  return channel ? 'Messages of opsbot' : 'Home of opsbot';
}

/** Everything in the window. */
export function Page() {
  const place = useCurrentPlace();
  const name = useName(place);
  const isThere = useSlice('me') !== undefined;
  const isConnected = useConnected();
  const [dock, setDock] = useState<DockTab | undefined>(() => (window.innerWidth > NARROW ? 'cluster' : undefined));
  const { realName } = useMe();

  useEffect(() => {
    if (isThere) document.title = `${realName} · opsbot sandbox`;
  }, [isThere, realName]);

  if (!isThere || !place) return <p className="page-waiting">{isConnected ? 'Starting …' : LOST}</p>;
  const thread = place.kind === 'channel' ? place.thread : undefined;
  return (
    <div className="page" data-dock={dock !== undefined} data-thread={thread !== undefined}>
      <TopBar dock={dock} onDock={setDock} />
      <Sidebar place={place} />
      <main className="page-main" aria-label={name}>
        {isConnected ? null : (
          <p role="alert" className="page-lost">
            {LOST}
          </p>
        )}
        <ChannelHeader place={place} />
        {place.kind === 'home' ? <AppHome /> : <ChannelView key={place.channel} channel={place.channel} />}
      </main>
      {place.kind === 'channel' && thread !== undefined ? (
        <ThreadPane key={thread} channel={place.channel} thread={thread} />
      ) : null}
      {dock === undefined ? null : <Dock tab={dock} onTab={setDock} />}
      <Modals />
      <Notices />
      {place.kind === 'channel' ? <Announcer key={place.channel} channel={place.channel} thread={thread} /> : null}
    </div>
  );
}

/** px: where the dock would lie over everything else. */
const NARROW = 860;

const LOST = 'The sandbox cannot be reached. If it has ended, start it again with: npm run sandbox';
