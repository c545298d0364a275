import './thread-pane.css';
import { useEffect, useMemo } from 'react';
import type { ChannelSlice, MessageSlice } from '../../wire.ts';
import { useMe, usePerson } from '../people.ts';
import { useSlice, useSlices } from '../store.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { CloseIcon } from '../ui/icons.tsx';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';
import { MessageScroller } from './message-scroller.tsx';
import { shownName } from './shown-name.ts';
import { lastOwn, readUpTo, repliesOf, threadTimeline } from './timeline.ts';
import { useEditing } from './use-editing.ts';
import { useEscape } from './use-escape.ts';
import { useNewAfter } from './use-new-after.ts';
import { useReading } from './use-reading.ts';
import { useStickyBottom } from './use-sticky-bottom.ts';
import { useWindowFocus } from './use-window-focus.ts';
import { closeThread, threadHasGone } from './visit-thread.ts';

export interface ThreadPaneProps {
  channel: string;
  /** ts of its root. */
  thread: string;
}

/** A thread beside its channel. */
export function ThreadPane({ channel: id, thread }: ThreadPaneProps) {
  const channel = useSlice(`channel ${id}`);
  const root = useSlice(`message ${id} ${thread}`);
  useEscape(() => closeThread(id));
  useEffect(() => () => threadHasGone(id), [id]);
  return (
    <aside className="thread-pane" aria-label="Thread">
      <header className="thread-pane-header">
        <h2 className="thread-pane-title">Thread</h2>
        {channel ? <ChannelName channel={channel} /> : null}
        <IconButton label="Close thread" className="thread-pane-close" onClick={() => closeThread(id)}>
          <CloseIcon />
        </IconButton>
      </header>
      {root ? <Thread root={root} /> : <p className="thread-pane-none">This thread is not there any more.</p>}
    </aside>
  );
}

function ChannelName({ channel }: { channel: ChannelSlice }) {
  const other = shownName(usePerson(channel.with ?? ''));
  return <span className="thread-pane-channel">{channel.kind === 'im' ? other : `#${channel.name}`}</span>;
}

function Thread({ root }: { root: MessageSlice }) {
  const { id: me } = useMe();
  const all = useSlices(`message ${root.channel}`);
  const replies = useMemo(() => repliesOf(all, root.ts), [all, root.ts]);
  const bottom = useStickyBottom();
  const spot = { channel: root.channel, thread: root.ts };
  const { editing, onEdit } = useEditing(spot);

  const isLooking = useWindowFocus() && bottom.seesLast;
  const unread = root.newReplies;
  const newAfter = useNewAfter({ unread, lastRead: readUpTo(replies, { me, unread }) }, isLooking);
  useReading({ spot, newest: unread > 0 ? root.latestReply : undefined, isLooking, bottom });

  const items = useMemo(() => threadTimeline(root, replies, { me, newAfter }), [root, replies, me, newAfter]);
  return (
    <>
      <MessageScroller bottom={bottom} hasNew={unread > 0}>
        <MessageList
          label="Messages in this thread"
          items={items}
          me={me}
          isInThread
          editing={editing}
          onEdit={onEdit}
        />
      </MessageScroller>
      <Composer {...spot} label="Reply…" onSent={bottom.toBottom} onEditLast={() => onEdit(lastOwn(replies, me))} />
    </>
  );
}
