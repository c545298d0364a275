import type { LocalSlack } from '../../support/slack/local-slack.ts';
import type { SeenMessage, Target } from '../../support/slack/people/looking.ts';
import type { Person } from '../../support/slack/people/person.ts';
import type { MessageRef } from '../../support/slack/types.ts';
import { emojiName } from '../feed/emoji.ts';
import type { Deed } from './command.ts';

export interface Screen {
  slack: LocalSlack;
  channel: string;
  /** ms that a button may take to appear. */
  appearsMs: number;
  numbered(number: number): MessageRef | undefined;
  /** What Slack itself tells the person. */
  notice(text: string): void;
  showHome(user: string): void;
}

/** Lets a person do it. Throws, in words for people, where the screen does not offer it. */
export async function perform(screen: Screen, person: Person, deed: Deed): Promise<void> {
  const { slack, channel } = screen;
  switch (deed.do) {
    case 'say':
      await person.says(channel, deed.text);
      return;
    case 'reply':
      await person.says(channel, deed.text, { thread: rootOf(await target(screen, person, deed.on, isRequest)) });
      return;
    case 'dm':
      await person.dm(deed.text);
      return;
    case 'slash':
      failed(screen, await person.slash(deed.command, deed.text, channel));
      return;
    case 'click':
      return click(screen, person, deed.label, deed.on);
    case 'react':
      await person.reacts(emojiName(deed.emoji), await target(screen, person, deed.on, isRequest));
      return;
    case 'unreact':
      await person.unreacts(emojiName(deed.emoji), await target(screen, person, deed.on, isRequest));
      return;
    case 'run':
      return run(screen, person, deed.shortcut, deed.on);
    case 'fill':
      failed(screen, await person.fills(fieldNamed(person, deed.label), deed.value));
      return;
    case 'choose':
      failed(screen, await person.chooses(fieldNamed(person, deed.label), deed.value));
      return;
    case 'submit':
      return submit(screen, person);
    case 'close':
      await person.closes();
      return;
    case 'home':
      failed(screen, await person.opensHome());
      await slack.waitFor(() => person.home(), { timeoutMs: screen.appearsMs, what: 'Home to be filled' });
      screen.showHome(person.id);
  }
}

const isRequest = ({ buttons, ephemeral }: SeenMessage) => !ephemeral && buttons.length > 0;
const rootOf = ({ channel, ts, thread }: SeenMessage): MessageRef => ({ channel, ts: thread ?? ts });
const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

function everything({ channel }: Screen, person: Person): SeenMessage[] {
  return [...person.sees(channel), ...person.directMessages()];
}

function withNumber(screen: Screen, person: Person, number: number): SeenMessage {
  const ref = screen.numbered(number);
  const found = everything(screen, person).find(({ channel, ts }) => channel === ref?.channel && ts === ref.ts);
  if (!found) throw new Error(`${person.user.name} sees no message ${number}.`);
  return found;
}

/** The message with that number, else the newest that fits, as soon as there is one. */
async function target(
  screen: Screen,
  person: Person,
  number: number | undefined,
  fits: (message: SeenMessage) => boolean,
): Promise<SeenMessage> {
  if (number !== undefined) return withNumber(screen, person, number);
  const what = `${person.user.name} to see a request; say which message, by its number, if you mean another one`;
  return screen.slack.waitFor(() => everything(screen, person).findLast(fits), { timeoutMs: screen.appearsMs, what });
}

/** The button as it is written, and where: in the open form, on the newest message that has it, or on Home. */
function findButton(screen: Screen, person: Person, wanted: string): { label: string; on: Target } | undefined {
  const among = (buttons: readonly string[] = []) => buttons.find((label) => same(label, wanted));
  const inModal = among(person.modal()?.buttons);
  if (inModal !== undefined) return { label: inModal, on: 'modal' };
  const message = everything(screen, person).findLast(({ buttons }) => among(buttons) !== undefined);
  const onMessage = among(message?.buttons);
  if (message && onMessage !== undefined) return { label: onMessage, on: message };
  const onHome = among(person.home()?.buttons);
  return onHome === undefined ? undefined : { label: onHome, on: 'home' };
}

async function click(screen: Screen, person: Person, wanted: string, number: number | undefined): Promise<void> {
  const modal = person.modal()?.view;
  if (modal && same(modal.submit?.text ?? '', wanted)) return submit(screen, person);
  const found =
    number === undefined
      ? await screen.slack.waitFor(() => findButton(screen, person, wanted), {
          timeoutMs: screen.appearsMs,
          what: `${person.user.name} to see a button [${wanted}]`,
        })
      : { label: wanted, on: withNumber(screen, person, number) };
  const gesture = await person.clicks(found.label, { on: found.on });
  if (gesture.confirm !== undefined) screen.notice(`Slack asks “${gesture.confirm}”: ${person.user.name} says yes.`);
  failed(screen, gesture);
}

function shortcutNames({ slack }: Screen, type: 'global' | 'message'): string[] {
  return (slack.manifest.features?.shortcuts ?? []).flatMap((one) => (one.type === type ? [one.name] : []));
}

async function run(screen: Screen, person: Person, wanted: string, number: number | undefined): Promise<void> {
  const type = number === undefined ? 'global' : 'message';
  const names = shortcutNames(screen, type);
  const name = names.find((one) => same(one, wanted)) ?? names.find((one) => same(one.slice(0, wanted.length), wanted));
  if (name === undefined) throw new Error(`The shortcuts are: ${names.join(', ')}.`);
  failed(
    screen,
    number === undefined
      ? await person.runsShortcut(name)
      : await person.runsMessageShortcut(name, withNumber(screen, person, number)),
  );
}

function fieldNamed(person: Person, wanted: string): string {
  const inputs = person.modal()?.inputs ?? [];
  return inputs.find((label) => same(label, wanted)) ?? wanted;
}

async function submit(screen: Screen, person: Person): Promise<void> {
  const answer = await person.submits();
  if ('errors' in answer) {
    for (const [label, problem] of Object.entries(answer.errors)) screen.notice(`${label}: ${problem}`);
  }
  if ('failed' in answer) screen.notice(`Slack says: We had some trouble connecting (${answer.failed}).`);
}

function failed(screen: Screen, gesture: { acked: boolean; sent: boolean; error?: string }): void {
  if (gesture.sent && !gesture.acked) screen.notice(`Slack says: that did not work (${gesture.error ?? 'no answer'}).`);
}
