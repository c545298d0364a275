import type { MessageSlice } from '../../wire.ts';
import { usePeople } from '../people.ts';
import { hashOf } from '../place.ts';
import { useSlice } from '../store.ts';
import { threadTitle } from './thread-title.ts';

/** On a reply that stands in the channel: the thread that it is of. */
export function RepliedTo({ message: { channel, thread } }: { message: MessageSlice }) {
  const root = useSlice(`message ${channel} ${thread}`);
  const people = usePeople();
  const title = threadTitle(root?.text ?? '', (id) => people.find((one) => one.id === id)?.name);
  return (
    <p className="message-body-replied">
      replied to a thread: <a href={hashOf({ kind: 'channel', channel, thread })}>{title}</a>
    </p>
  );
}
