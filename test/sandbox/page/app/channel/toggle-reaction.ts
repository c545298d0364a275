import type { MessageSlice } from '../../wire.ts';
import { perform } from '../notices.ts';

/** Adds this person's reaction, or takes it back where it is there. */
export function toggleReaction({ channel, ts, reactions }: MessageSlice, emoji: string, me: string): void {
  const isMine = reactions.some(({ name, users }) => name === emoji && users.includes(me));
  void perform({ do: isMine ? 'unreact' : 'react', channel, ts, emoji });
}
