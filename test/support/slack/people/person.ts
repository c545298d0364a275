import type { Delivered } from '../delivery/delivery.ts';
import { APP } from '../fixtures.ts';
import type { MessageRef, User } from '../types.ts';
import { type WaitOptions, waitFor } from '../waiting.ts';
import type { World } from '../world.ts';
import { type ElementRef, elementAt, type Held } from './element-at.ts';
import { choose, fill, type Searched, search, unchoose } from './filling.ts';
import {
  homeOf,
  type SeenMessage,
  type SeenView,
  seesIn,
  seeView,
  type Target,
  topModal,
  visibleChannels,
} from './looking.ts';
import { type ClickOptions, findPressable, type Pressable } from './pressing.ts';
import { channelOf, type Gesture, type Self } from './self.ts';
import { closeModal, type Submitted, submit } from './submitting.ts';
import {
  addReaction,
  deleteOwn,
  dismiss,
  editOwn,
  openHome,
  removeReaction,
  runMessageShortcut,
  runShortcut,
  type Said,
  type SayOptions,
  type Slashed,
  say,
  slash,
} from './talking.ts';

interface On {
  /** Default: the top modal. */
  on?: Target;
}

/**
 * A person who acts by what they see: labels, button texts, names. Channels are given as id or name. Every gesture
 * resolves when the app has acked it, or when Slack has given up waiting; one that the screen does not offer throws.
 */
export interface Person {
  id: string;
  user: User;
  says(channel: string, text: string, options?: SayOptions): Promise<Said>;
  /** Says it to the app: `@opsbot <text>`. */
  mentions(channel: string, text: string, options?: SayOptions): Promise<Said>;
  dm(text: string, options?: SayOptions): Promise<Said>;
  edits(message: MessageRef, text: string): Promise<Said>;
  deletes(message: MessageRef): void;
  /** Puts away a message that only this person sees. */
  dismisses(message: MessageRef): void;
  reacts(name: string, message: MessageRef): Promise<Delivered[]>;
  unreacts(name: string, message: MessageRef): Promise<Delivered[]>;
  slash(command: string, text: string, channel: string): Promise<Slashed>;
  runsShortcut(name: string): Promise<Gesture>;
  runsMessageShortcut(name: string, message: MessageRef): Promise<Gesture>;
  opensHome(): Promise<Gesture>;

  home(): SeenView | undefined;
  modal(): SeenView | undefined;
  /** Everything in the channel, oldest first, with threads and with what only this person sees. */
  sees(channel: string): SeenMessage[];
  /** The root and its replies, and ephemerals in that thread. */
  thread(root: MessageRef): SeenMessage[];
  /** The direct messages with the app. */
  directMessages(): SeenMessage[];

  finds(label: string, options?: Pick<ClickOptions, 'on'>): Pressable;
  clicks(label: string, options?: ClickOptions): Promise<Gesture>;
  fills(label: string, value: string, options?: On): Promise<Gesture>;
  searches(label: string, typed: string, options?: On): Promise<Searched>;
  chooses(label: string, option: string, options?: On & { typing?: string }): Promise<Gesture>;
  unchooses(label: string, options?: On): Promise<Gesture>;
  /** A thing by its ids, where several have the same label; default: on the top modal. */
  at(element: ElementRef, options?: On): Held;
  submits(): Promise<Submitted>;
  closes(): Promise<Gesture>;

  /** The first visible message with that text, or of which the predicate is true. */
  waitsFor(
    wanted: string | ((message: SeenMessage) => boolean),
    options?: WaitOptions & { in?: string },
  ): Promise<SeenMessage>;
}

export function createPerson(world: World, user: User): Person {
  const self: Self = { world, user };
  const dmChannel = () => world.state.dmWith(user.id).id;
  const everything = (channel?: string) =>
    (channel === undefined ? visibleChannels(self) : [channelOf(self, channel)]).flatMap((each) => seesIn(self, each));
  return {
    id: user.id,
    user,
    says: (channel, text, options) => say(self, channel, text, options),
    mentions: (channel, text, options) => say(self, channel, `<@${APP.botUser}> ${text}`, options),
    dm: (text, options) => say(self, dmChannel(), text, options),
    edits: (message, text) => editOwn(self, message, text),
    deletes: (message) => deleteOwn(self, message),
    dismisses: (message) => dismiss(self, message),
    reacts: (name, message) => addReaction(self, name, message),
    unreacts: (name, message) => removeReaction(self, name, message),
    slash: (command, text, channel) => slash(self, command, text, channel),
    runsShortcut: (name) => runShortcut(self, name),
    runsMessageShortcut: (name, message) => runMessageShortcut(self, name, message),
    opensHome: () => openHome(self),

    home: () => seeView(self, homeOf(self)),
    modal: () => seeView(self, topModal(self)),
    sees: (channel) => seesIn(self, channelOf(self, channel)),
    thread: (root) => everything(root.channel).filter(({ ts, thread }) => ts === root.ts || thread === root.ts),
    directMessages: () => seesIn(self, world.state.dmWith(user.id)),

    finds: (label, options = {}) => findPressable(self, label, options.on),
    clicks: async (label, options = {}) => findPressable(self, label, options.on).click(options),
    fills: (label, value, options = {}) => fill(self, label, value, options.on ?? 'modal'),
    searches: (label, typed, options = {}) => search(self, label, typed, options.on ?? 'modal'),
    chooses: (label, option, options = {}) => choose(self, label, option, options.on ?? 'modal', options.typing),
    unchooses: (label, options = {}) => unchoose(self, label, options.on ?? 'modal'),
    at: (element, options = {}) => elementAt(self, element, options.on ?? 'modal'),
    submits: () => submit(self),
    closes: () => closeModal(self),

    waitsFor(wanted, options = {}) {
      const matches = typeof wanted === 'string' ? ({ text }: SeenMessage) => text.includes(wanted) : wanted;
      const seen = () =>
        everything(options.in)
          .slice(-8)
          .map(({ text }) => `- ${text}`)
          .join('\n');
      const what = typeof wanted === 'string' ? `"${wanted}"` : 'a message';
      const described = { what: () => `${user.name} to see ${what}; seen last:\n${seen()}`, ...options };
      return waitFor(world.journal, () => everything(options.in).find(matches), described);
    },
  };
}
