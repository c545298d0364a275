import { colorOf } from '../attachments.ts';
import { isInput } from '../form.ts';
import { canSee } from '../state.ts';
import type { Channel, Message, MessageRef, Option, View } from '../types.ts';
import {
  allBlocks,
  blocksText,
  buttonLabel,
  elementsOf,
  elementsOfMessage,
  inputLabel,
  isButton,
  messageText,
  type Placed,
} from '../visible.ts';
import { channelOf, type Self } from './self.ts';

/** A message as one person sees it. */
export interface SeenMessage extends MessageRef {
  thread: string | undefined;
  /** Id of the author. */
  by: string;
  /** The text of the blocks, or of the message where it has none; then the attachments’. Entities undone, mentions as names. */
  text: string;
  buttons: string[];
  /** Labels of the selects and other inputs. */
  inputs: string[];
  /** `#rrggbb` of the bar beside its first attachment. */
  color: string | undefined;
  ephemeral: boolean;
  edited: boolean;
  reactions: Record<string, number>;
  /** What was uploaded with it. */
  files: { name: string; content: string }[];
  /** As an app would get it. */
  raw: Message;
}

export interface SeenView {
  title: string;
  text: string;
  buttons: string[];
  /** Labels of the inputs. */
  inputs: string[];
  submit: string | undefined;
  view: View;
}

export type Target = MessageRef | 'home' | 'modal';

/** Something with blocks that a person can act on. */
export type Surface =
  | { kind: 'message'; channel: Channel; message: Message; ephemeral: boolean }
  | { kind: 'view'; view: View };

/** A thing that can be clicked: a button, or an entry of an overflow menu. */
export interface Clickable extends Placed {
  label: string;
  option?: Option;
}

export function blocksOf(surface: Surface) {
  return surface.kind === 'view' ? surface.view.blocks : allBlocks(surface.message);
}

export function elementsOn(surface: Surface): Placed[] {
  return surface.kind === 'view' ? elementsOf(surface.view.blocks) : elementsOfMessage(surface.message);
}

const inputsOn = (surface: Surface) => elementsOn(surface).filter(({ element }) => isInput(element));

function clickables(surface: Surface): Clickable[] {
  const elements = elementsOn(surface);
  const buttons = elements.filter(isButton).map((placed) => ({ ...placed, label: buttonLabel(placed.element) }));
  const menus = elements.filter(({ element }) => element.type === 'overflow');
  const entries = menus.flatMap((placed) =>
    (placed.element.options ?? []).map((option) => ({ ...placed, option, label: option.text.text })),
  );
  return [...buttons, ...entries];
}

export function seeMessage({ world }: Self, channel: Channel, message: Message, ephemeral: boolean): SeenMessage {
  const surface: Surface = { kind: 'message', channel, message, ephemeral };
  return {
    channel: channel.id,
    ts: message.ts,
    thread: message.thread_ts,
    by: message.user,
    text: messageText(message, world.state.users),
    buttons: clickables(surface).map(({ label }) => label),
    inputs: inputsOn(surface).map(inputLabel),
    color: message.attachments?.map(colorOf).find((color) => color !== undefined),
    ephemeral,
    edited: message.edited !== undefined,
    reactions: Object.fromEntries((message.reactions ?? []).map(({ name, count }) => [name, count])),
    files: (message.files ?? []).flatMap(({ id }) => {
      const file = world.state.files.get(String(id));
      return file ? [{ name: file.name, content: file.content.toString('utf8') }] : [];
    }),
    raw: { ...message },
  };
}

export function seeView({ world }: Self, view: View | undefined): SeenView | undefined {
  if (view === undefined) return undefined;
  const surface: Surface = { kind: 'view', view };
  return {
    title: view.title?.text ?? '',
    text: blocksText(view.blocks, world.state.users),
    buttons: clickables(surface).map(({ label }) => label),
    inputs: inputsOn(surface).map(inputLabel),
    submit: view.submit?.text,
    view,
  };
}

function ephemeralsIn({ world, user }: Self, channel: Channel): Message[] {
  const mine = world.state.ephemerals.filter((entry) => entry.to === user.id && entry.channel === channel.id);
  return mine.map(({ message }) => message);
}

/** Everything in a channel in the order of time, threads included, and what only this person sees. */
export function seesIn(self: Self, channel: Channel): SeenMessage[] {
  const messages = [...channel.messages.values()].map((message) => seeMessage(self, channel, message, false));
  const ephemerals = ephemeralsIn(self, channel).map((message) => seeMessage(self, channel, message, true));
  return [...messages, ...ephemerals].sort((a, b) => Number(a.ts) - Number(b.ts));
}

export function visibleChannels({ world, user }: Self): Channel[] {
  return [...world.state.channels.values()].filter((channel) => canSee(user, channel));
}

export const topModal = ({ world, user }: Self): View | undefined => world.state.stacks.get(user.id)?.at(-1);
export const homeOf = ({ world, user }: Self): View | undefined => world.state.homes.get(user.id);

export function surfaceOf(self: Self, target: Target): Surface {
  if (target === 'home' || target === 'modal') {
    const view = target === 'home' ? homeOf(self) : topModal(self);
    if (!view) throw new Error(`${self.user.name} sees no ${target}`);
    return { kind: 'view', view };
  }
  const channel = channelOf(self, target.channel);
  const message = channel.messages.get(target.ts);
  if (message) return { kind: 'message', channel, message, ephemeral: false };
  const ephemeral = ephemeralsIn(self, channel).find(({ ts }) => ts === target.ts);
  if (ephemeral) return { kind: 'message', channel, message: ephemeral, ephemeral: true };
  throw new Error(`${self.user.name} sees no message ${target.ts} in ${channel.name}`);
}

function everySurface(self: Self): Surface[] {
  const { world } = self;
  return visibleChannels(self).flatMap((channel): Surface[] => [
    ...[...channel.messages.values()].map((message) => ({
      kind: 'message' as const,
      channel,
      message,
      ephemeral: false,
    })),
    ...ephemeralsIn({ world, user: self.user }, channel).map((message) => ({
      kind: 'message' as const,
      channel,
      message,
      ephemeral: true,
    })),
  ]);
}

/** The one thing with that label, on the target or in any message that this person can see. */
export function findClickable(self: Self, label: string, target?: Target): { surface: Surface; clickable: Clickable } {
  const surfaces = target === undefined ? everySurface(self) : [surfaceOf(self, target)];
  const all = surfaces.flatMap((surface) => clickables(surface).map((clickable) => ({ surface, clickable })));
  const found = all.filter(({ clickable }) => clickable.label === label);
  if (found.length === 1 && found[0]) return found[0];
  const seen = all.map(({ clickable }) => `"${clickable.label}"`).join(', ') || 'nothing to click';
  const problem =
    found.length === 0 ? `no button "${label}"` : `${found.length} buttons "${label}": say on which message`;
  throw new Error(`${self.user.name} sees ${problem}; there is: ${seen}`);
}
