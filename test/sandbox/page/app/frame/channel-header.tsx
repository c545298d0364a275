import './channel-header.css';
import { usePerson } from '../people.ts';
import { hashOf, type Place } from '../place.ts';
import { useSlice, useSlices } from '../store.ts';
import { Avatar } from '../ui/avatar.tsx';

/** The name of what one looks at; the app has tabs. */
export function ChannelHeader({ place }: { place: Place }) {
  const channel = useSlice(`channel ${place.kind === 'channel' ? place.channel : ''}`);
  const isApp = place.kind === 'home' || channel?.kind === 'im';
  return (
    <header className="channel-header">
      {isApp ? <AppTitle place={place} /> : <h1 className="channel-title"># {channel?.name}</h1>}
    </header>
  );
}

function AppTitle({ place }: { place: Place }) {
  const app = useSlice('app')?.user ?? '';
  const { name } = usePerson(app);
  const direct = useSlices('channel').find(({ kind, with: other }) => kind === 'im' && other === app);
  const messages: Place = { kind: 'channel', channel: direct?.id ?? '', thread: undefined };
  const tabs: [string, Place][] = [
    ['Home', { kind: 'home' }],
    ['Messages', messages],
  ];
  return (
    <>
      <h1 className="channel-title">
        <Avatar user={app} size={24} /> {name}
      </h1>
      <nav aria-label={`Tabs of ${name}`} className="channel-tabs">
        {tabs.map(([label, to]) => (
          <a key={label} href={hashOf(to)} aria-current={to.kind === place.kind ? 'page' : undefined}>
            {label}
          </a>
        ))}
      </nav>
    </>
  );
}
