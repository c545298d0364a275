import './sidebar.css';
import type { ChannelSlice } from '../../wire.ts';
import { useChannels, usePerson } from '../people.ts';
import { hashOf, type Place } from '../place.ts';
import { Avatar } from '../ui/avatar.tsx';

/** Channels and the app, with what is unread in them. */
export function Sidebar({ place }: { place: Place }) {
  const channels = useChannels();
  const isDirect = ({ kind }: ChannelSlice) => kind === 'im';
  return (
    <nav className="sidebar" aria-label="Channels">
      <Section title="Channels" entries={channels.filter((channel) => !isDirect(channel))} place={place} />
      <Section title="Apps" entries={channels.filter(isDirect)} place={place} />
    </nav>
  );
}

function Section({ title, entries, place }: { title: string; entries: ChannelSlice[]; place: Place }) {
  return (
    <section>
      <h2 className="sidebar-title">{title}</h2>
      <ul className="sidebar-list">
        {entries.map((channel) => (
          <Entry key={channel.id} channel={channel} place={place} />
        ))}
      </ul>
    </section>
  );
}

function Entry({ channel, place }: { channel: ChannelSlice; place: Place }) {
  const { id, kind, name, unread, mentions } = channel;
  const other = usePerson(channel.with ?? '');
  const isDirect = kind === 'im';
  const isHere = place.kind === 'home' ? isDirect : place.channel === id;
  // The app opens with its Home, unless it has something to say.
  const to: Place = isDirect && unread === 0 ? { kind: 'home' } : { kind: 'channel', channel: id, thread: undefined };
  const said = [mentions > 0 ? `${mentions} for you` : '', unread > 0 ? `${unread} unread` : ''].filter(Boolean);
  return (
    <li>
      <a
        href={hashOf(to)}
        className="sidebar-entry"
        data-unread={unread > 0}
        aria-current={isHere ? 'page' : undefined}
      >
        {isDirect ? <Avatar user={other.id} size={20} /> : <span aria-hidden="true">#</span>}
        <span className="sidebar-name">{isDirect ? other.name : name}</span>
        {said.length > 0 ? <span className="visually-hidden">({said.join(', ')})</span> : null}
        {mentions > 0 ? (
          <span className="sidebar-badge" aria-hidden="true">
            {mentions}
          </span>
        ) : null}
      </a>
    </li>
  );
}
