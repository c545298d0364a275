import { useSyncExternalStore } from 'react';
import { createListeners } from '../../listeners.ts';
import type { Answer, ClusterDeed, Gesture } from '../wire.ts';
import { sendDeed, sendGesture } from './connection.ts';

/** A sentence that is shown for a while; `bad` where something did not work. */
export interface Notice {
  id: number;
  text: string;
  bad: boolean;
}

/** ms */
const SHOWN_MS = 8_000;

const listeners = createListeners();
let notices: readonly Notice[] = [];
let last = 0;

function change(to: readonly Notice[]): void {
  notices = to;
  listeners.tell();
}

export function dismissNotice(id: number): void {
  change(notices.filter((notice) => notice.id !== id));
}

export function notice(text: string, { bad = false }: { bad?: boolean } = {}): void {
  last += 1;
  const fresh = { id: last, text, bad };
  change([...notices.filter((one) => one.text !== text), fresh]);
  window.setTimeout(() => dismissNotice(fresh.id), SHOWN_MS);
}

export const useNotices = (): readonly Notice[] => useSyncExternalStore(listeners.add, () => notices);

/** Does it, and says so where it did not work. */
export async function perform<T = unknown>(gesture: Gesture): Promise<Answer<T>> {
  const answer = await sendGesture<T>(gesture);
  if (!answer.ok) notice(answer.error, { bad: true });
  return answer;
}

/** Does it to the cluster, and says what happens now. */
export async function performDeed(deed: ClusterDeed): Promise<void> {
  const answer = await sendDeed(deed);
  if (!answer.ok) notice(answer.error, { bad: true });
  else if (answer.result) notice(answer.result);
}
