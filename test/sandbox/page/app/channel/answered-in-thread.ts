import type { MessageSlice } from '../../wire.ts';
import { byTime } from './timeline.ts';

export interface AskedOptions {
  me: string;
  app: string;
  /** Whether everything that is said there is said to the app. */
  isDirect: boolean;
  /** Only what was asked after that ts counts. */
  after: string;
}

/**
 * What this person has asked the app and what it has answered in a thread, the oldest one. A newcomer would miss the
 * answer if the thread did not open.
 */
export function answeredInThread(
  messages: readonly MessageSlice[],
  { me, app, isDirect, after }: AskedOptions,
): MessageSlice | undefined {
  return messages
    .filter(({ by, ts, text, repliers }) => {
      const isAsked = by === me && Number(ts) > Number(after) && (isDirect || text.includes(`<@${app}>`));
      return isAsked && repliers.includes(app);
    })
    .sort(byTime)[0];
}
