import { go } from '../navigation.ts';
import { focusComposer } from './composer-focus.ts';

/** What had the focus when the thread was opened. */
let cameFrom: HTMLElement | undefined;
let isLeaving = false;

/** Opens a thread for somebody who wants to write in it. */
export function openThread(channel: string, thread: string): void {
  cameFrom = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
  focusComposer({ channel, thread });
  go({ kind: 'channel', channel, thread });
}

export function closeThread(channel: string): void {
  isLeaving = true;
  go({ kind: 'channel', channel, thread: undefined });
}

/** The thread has gone: where it was closed, the focus goes back to where it came from. */
export function threadHasGone(channel: string): void {
  if (!isLeaving) return;
  isLeaving = false;
  if (cameFrom?.isConnected) cameFrom.focus();
  else focusComposer({ channel, thread: undefined });
}
