import { useState } from 'react';
import type { MessageSlice } from '../../wire.ts';
import { useMe, usePeople, usePerson } from '../people.ts';
import { useSlices } from '../store.ts';
import { announced, announcement } from './announced.ts';
import { shownName } from './shown-name.ts';
import { threadTitle } from './thread-title.ts';
import { latestOf } from './timeline.ts';

export interface AnnouncerProps {
  channel: string;
  /** ts of the root of the thread that is open. */
  thread: string | undefined;
}

/** Reads out what comes while one is in a channel. */
export function Announcer({ channel, thread }: AnnouncerProps) {
  const { id: me } = useMe();
  const messages = useSlices(`message ${channel}`);
  const [after] = useState(() => latestOf(messages));
  return (
    <div role="log" aria-label="New messages" className="visually-hidden">
      {announced(messages, { me, after, thread }).map((message) => (
        <Announcement key={message.ts} message={message} />
      ))}
    </div>
  );
}

/** As it came: that opsbot keeps a message current is not read out. */
function Announcement({ message }: { message: MessageSlice }) {
  const people = usePeople();
  const name = shownName(usePerson(message.by));
  const nameOf = (user: string) => people.find(({ id }) => id === user)?.name;
  const [words] = useState(() => announcement(message, { name, words: threadTitle(message.text, nameOf) }));
  return <p>{words}</p>;
}
