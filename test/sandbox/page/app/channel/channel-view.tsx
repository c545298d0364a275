import { useMemo } from 'react';
import type { ChannelSlice } from '../../wire.ts';
import { useMe, usePerson } from '../people.ts';
import { useSlice, useSlices } from '../store.ts';
import { Composer } from './composer.tsx';
import { Intro } from './intro.tsx';
import { MessageList } from './message-list.tsx';
import { MessageScroller } from './message-scroller.tsx';
import { shownName } from './shown-name.ts';
import { channelMessages, lastOwn, timelineOf } from './timeline.ts';
import { useEditing } from './use-editing.ts';
import { useNewAfter } from './use-new-after.ts';
import { useReading } from './use-reading.ts';
import { useStickyBottom } from './use-sticky-bottom.ts';
import { useThreadOfAnswer } from './use-thread-of-answer.ts';
import { useWindowFocus } from './use-window-focus.ts';

/** A channel or a direct message: everything in it, and where one writes. */
export function ChannelView({ channel: id }: { channel: string }) {
  const channel = useSlice(`channel ${id}`);
  return channel ? <Channel channel={channel} /> : null;
}

function Channel({ channel }: { channel: ChannelSlice }) {
  const { id: me } = useMe();
  const all = useSlices(`message ${channel.id}`);
  const messages = useMemo(() => channelMessages(all), [all]);
  const bottom = useStickyBottom();
  const spot = { channel: channel.id, thread: undefined };
  const { editing, onEdit } = useEditing(spot);

  const isLooking = useWindowFocus() && bottom.seesLast;
  const newAfter = useNewAfter(channel, isLooking);
  useReading({ spot, newest: channel.unread > 0 ? messages.at(-1)?.ts : undefined, isLooking, bottom });
  useThreadOfAnswer(channel.id, all);

  const items = useMemo(() => timelineOf(messages, { me, newAfter }), [messages, me, newAfter]);
  const other = shownName(usePerson(channel.with ?? ''));
  const name = channel.kind === 'im' ? other : `#${channel.name}`;
  return (
    <>
      <MessageScroller bottom={bottom} hasNew={channel.unread > 0}>
        <Intro channel={channel} />
        <MessageList
          label={`Messages in ${name}`}
          items={items}
          me={me}
          isInThread={false}
          editing={editing}
          onEdit={onEdit}
        />
      </MessageScroller>
      <Composer
        {...spot}
        label={`Message ${name}`}
        onSent={bottom.toBottom}
        onEditLast={() => onEdit(lastOwn(messages, me))}
      />
    </>
  );
}
