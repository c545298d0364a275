import type { MessageSlice } from '../../wire.ts';
import { usePeople } from '../people.ts';
import { hashOf } from '../place.ts';
import { useSlice } from '../store.ts';
import { typedText } from './typed-text.ts';

/** characters */
const SHOWN = 80;

/** Above a reply that stands in the channel: the thread that it is of. */
export function RepliedTo({ message: { channel, thread } }: { message: MessageSlice }) {
  const root = useSlice(`message ${channel} ${thread}`);
  const people = usePeople();
  const text = typedText(root?.text ?? '', (id) => people.find((one) => one.id === id)?.name).replaceAll('\n', ' ');
  const title = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return (
    <p className="message-body-replied">
      replied to a thread: <a href={hashOf({ kind: 'channel', channel, thread })}>{title || 'a message'}</a>
    </p>
  );
}
