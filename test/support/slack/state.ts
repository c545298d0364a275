import type { Clock } from './clock.ts';
import { APP, fixtureChannels, fixtureUsergroups, fixtureUsers, makeChannel } from './fixtures.ts';
import type { Random } from './random.ts';
import type { Channel, Ephemeral, Message, Option, StateValues, User, Usergroup, View } from './types.ts';
import type { Placed } from './visible.ts';

export interface StoredFile {
  id: string;
  name: string;
  title: string;
  size: number;
  user: string;
  content: Buffer;
  completed: boolean;
  shares: { channel: string; ts: string; thread_ts?: string }[];
}

/**
 * Everything the local Slack remembers. A *trigger* is the short-lived right to open a modal for one person; a *hook*
 * is a response_url; a *stack* is the modals that one person has open, the top one last.
 */
export interface Trigger {
  app: string;
  user: string;
  expiresAt: number;
  used: boolean;
}

export interface Hook {
  channel: string;
  user: string;
  /** The message it belongs to, where there is one: what `replace_original` replaces. */
  ts: string | undefined;
  /** Thread that its answers go to. */
  thread: string | undefined;
  uses: number;
  expiresAt: number;
}

export interface State {
  users: Map<string, User>;
  channels: Map<string, Channel>;
  usergroups: Map<string, Usergroup>;
  files: Map<string, StoredFile>;
  ephemerals: Ephemeral[];
  triggers: Map<string, Trigger>;
  hooks: Map<string, Hook>;
  /** By user. */
  homes: Map<string, View>;
  stacks: Map<string, View[]>;
  /** What a person has typed or chosen, by user and surface. */
  inputs: Map<string, StateValues>;
  /** The options that an external select showed last, by user, surface and element. */
  suggested: Map<string, Option[]>;
  /** What surfaces showed before, the latest first: one may click on what is about to change. */
  earlier: Map<string, Placed[]>;
  nextTs(): string;
  nextHash(): string;
  dmWith(user: string, bot?: string): Channel;
}

/** Elements of a surface that are remembered once they are gone. */
const EARLIER = 200;

/** To be told before a view (by its id) or a message (by channel and ts) changes. */
export function rememberScreen({ earlier }: State, surface: string, shown: Placed[]): void {
  earlier.set(surface, [...shown, ...(earlier.get(surface) ?? [])].slice(0, EARLIER));
}

export function createState(clock: Clock, random: Random): State {
  let last = 0;
  const nextTs = () => {
    last = Math.max(last + 1, clock.now() * 1000);
    return `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, '0')}`;
  };
  const byId = <T extends { id: string }>(list: T[]) => new Map(list.map((entry) => [entry.id, entry]));
  const channels = byId(fixtureChannels());
  return {
    users: byId(fixtureUsers()),
    channels,
    usergroups: byId(fixtureUsergroups()),
    files: new Map(),
    ephemerals: [],
    triggers: new Map(),
    hooks: new Map(),
    homes: new Map(),
    stacks: new Map(),
    inputs: new Map(),
    suggested: new Map(),
    earlier: new Map(),
    nextTs,
    nextHash: () => `${nextTs()}.${random.id('', 6)}`,
    dmWith(user, bot = APP.botUser) {
      const known = [...channels.values()].find(
        (channel) => channel.kind === 'im' && channel.members.has(user) && channel.members.has(bot),
      );
      if (known) return known;
      const channel = makeChannel(random.id('D'), `${user}-${bot}`, [user, bot]);
      channels.set(channel.id, channel);
      return channel;
    },
  };
}

/** The messages of a thread with its root first; nothing where there is no such root. */
export function threadOf(channel: Channel, ts: string): Message[] {
  const root = channel.messages.get(ts);
  if (root === undefined) return [];
  return [root, ...[...channel.messages.values()].filter((message) => message.thread_ts === ts && message.ts !== ts)];
}

/** Public channels can be seen by every full member; the others by their members. */
export function canSee(user: User, channel: Channel): boolean {
  if (channel.members.has(user.id)) return true;
  return channel.kind === 'channel' && !user.is_restricted && !user.is_stranger;
}
