import type { LocalSlack } from '../../support/slack/local-slack.ts';
import type { Person } from '../../support/slack/people/person.ts';
import type { Gesture } from '../../support/slack/people/self.ts';
import type { MessageRef } from '../../support/slack/types.ts';

/** ms in which Home follows a click on it. */
const HOME_MS = 2_000;

/** What people act on, and where they see what came of it. */
export interface Screen {
  slack: LocalSlack;
  /** Where things are said. */
  channel: string;
  /** All of which people see the messages. */
  channels: readonly string[];
  /** ms that a button may take to appear. */
  appearsMs: number;
  numbered(number: number): MessageRef | undefined;
  /** What Slack itself tells the person. */
  notice(text: string): void;
  showHome(user: string): void;
}

export const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Waits for it; throws the sentence where it does not come. */
export async function appears<T>(
  { slack, appearsMs }: Screen,
  look: () => T | undefined,
  sentence: string,
): Promise<T> {
  try {
    return await slack.waitFor(look, { timeoutMs: appearsMs });
  } catch (cause) {
    throw new Error(sentence, { cause });
  }
}

export function failed(screen: Screen, gesture: { acked: boolean; sent: boolean; error?: string }): void {
  if (gesture.sent && !gesture.acked) screen.notice(`Slack says: that did not work (${gesture.error ?? 'no answer'}).`);
}

/** Shows Home again where it changes by that, rather than a form being opened. */
export async function onHome(screen: Screen, person: Person, act: () => Promise<Gesture>): Promise<Gesture> {
  const before = person.home()?.view.hash;
  const isNew = () => person.home()?.view.hash !== before;
  const gesture = await act();
  await screen.slack.waitFor(() => isNew() || person.modal(), { timeoutMs: HOME_MS }).catch(() => undefined);
  if (isNew() && !person.modal()) screen.showHome(person.id);
  return gesture;
}
