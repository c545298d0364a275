import { useState } from 'react';
import type { ChannelSlice } from '../../wire.ts';

/** The ts after which messages are marked as new: up to which one had read when one came, or looked away. */
export function useNewAfter(
  { lastRead, unread }: Pick<ChannelSlice, 'lastRead' | 'unread'>,
  isLooking: boolean,
): string | undefined {
  const [newAfter, setNewAfter] = useState(unread > 0 ? lastRead : undefined);
  if (unread > 0 && !isLooking && newAfter !== lastRead) setNewAfter(lastRead);
  return newAfter;
}
