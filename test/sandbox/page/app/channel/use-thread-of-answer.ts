import { useEffect, useRef } from 'react';
import type { MessageSlice } from '../../wire.ts';
import { go, usePlace } from '../navigation.ts';
import { useMe } from '../people.ts';
import { useSlice } from '../store.ts';
import { answeredInThread } from './answered-in-thread.ts';
import { latestOf } from './timeline.ts';

/**
 * Opens the thread in which the app answers what this person has just asked. A thread that they have opened themselves
 * stays; one that has opened by itself makes room.
 */
export function useThreadOfAnswer(channel: string, messages: readonly MessageSlice[]): void {
  const { id: me } = useMe();
  const app = useSlice('app')?.user ?? '';
  const isDirect = useSlice(`channel ${channel}`)?.with === app;
  const place = usePlace();
  const open = place?.kind === 'channel' ? place.thread : undefined;
  const after = useRef(latestOf(messages));
  const openedLast = useRef<string>(undefined);

  useEffect(() => {
    const asked = answeredInThread(messages, { me, app, isDirect, after: after.current });
    if (!asked) return;
    after.current = asked.ts;
    if (open !== undefined && open !== openedLast.current) return;
    openedLast.current = asked.ts;
    go({ kind: 'channel', channel, thread: asked.ts });
  }, [messages, me, app, isDirect, open, channel]);
}
