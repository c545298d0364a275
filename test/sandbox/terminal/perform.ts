import type { SeenMessage, Target } from '../../support/slack/people/looking.ts';
import type { Person } from '../../support/slack/people/person.ts';
import type { MessageRef } from '../../support/slack/types.ts';
import { emojiName } from '../feed/emoji.ts';
import type { Deed } from './command.ts';
import { choose, fill, labelAmong, openForm, submit } from './forms.ts';
import { appears, failed, onHome, type Screen, same } from './screen.ts';

/** Lets a person do it. Throws, in words for people, where the screen does not offer it. */
export async function perform(screen: Screen, person: Person, deed: Deed): Promise<void> {
  const { channel } = screen;
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
      return fill(screen, person, deed.label, deed.value);
    case 'choose':
      return chooseSomewhere(screen, person, deed);
    case 'submit':
      return submit(screen, person);
    case 'close':
      openForm(person);
      await person.closes();
      return;
    case 'home':
      failed(screen, await person.opensHome());
      await appears(screen, () => person.home(), 'opsbot has not filled Home.');
      screen.showHome(person.id);
  }
}

/** Incidents have buttons too, but beside a bar. */
const isRequest = ({ buttons, color, ephemeral }: SeenMessage) =>
  !ephemeral && color === undefined && buttons.length > 0;
const rootOf = ({ channel, ts, thread }: SeenMessage): MessageRef => ({ channel, ts: thread ?? ts });

/** Oldest first; direct messages last. */
function everything({ channels }: Screen, person: Person): SeenMessage[] {
  const seen = channels.flatMap((channel) => person.sees(channel));
  return [...seen.sort((a, b) => Number(a.ts) - Number(b.ts)), ...person.directMessages()];
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
  const none = `${person.user.name} sees no request. Another message is meant by its number, as in: on 12`;
  return appears(screen, () => everything(screen, person).findLast(fits), none);
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
      ? await appears(
          screen,
          () => findButton(screen, person, wanted),
          `${person.user.name} sees no button [${wanted}].`,
        )
      : { label: wanted, on: withNumber(screen, person, number) };
  const twins =
    found.on === 'home' ? (person.home()?.buttons ?? []).filter((label) => label === found.label).length : 1;
  if (twins > 1) {
    throw new Error(
      `Home has ${twins} buttons [${found.label}]. Show less of it first: ${person.user.name} chooses Namespace: …`,
    );
  }
  const press = () => person.clicks(found.label, { on: found.on });
  const gesture = await (found.on === 'home' ? onHome(screen, person, press) : press());
  if (gesture.confirm !== undefined)
    screen.notice(`Slack asks: ${gesture.confirm.replaceAll('\n', ' · ')} ${person.user.name} says yes.`);
  failed(screen, gesture);
}

/** On the message with that number; else in the open form, on the newest message that has the select, or on Home. */
async function chooseSomewhere(
  screen: Screen,
  person: Person,
  { label, value, on }: Extract<Deed, { do: 'choose' }>,
): Promise<void> {
  const offers = ({ inputs }: SeenMessage) => inputs.some((input) => same(input, label));
  const newest = () => (person.modal() ? undefined : everything(screen, person).findLast(offers));
  const message = on === undefined ? newest() : withNumber(screen, person, on);
  if (!message) return choose(screen, person, label, value);
  failed(screen, await person.chooses(labelAmong(message.inputs, label), value, { on: message }));
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
