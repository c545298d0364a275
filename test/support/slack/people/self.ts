import type { Delivered } from '../delivery/delivery.ts';
import type { Channel, StateValues, User } from '../types.ts';
import type { World } from '../world.ts';

/** One person at one screen. */
export interface Self {
  world: World;
  user: User;
}

/** What became of a gesture: whether it went out, whether the app acked it, in how many ms. */
export interface Gesture {
  /** False where the person turned back at a confirm dialog. */
  sent: boolean;
  acked: boolean;
  /** What the person sees where it failed: `operation_timeout`, `dispatch_failed`. */
  error?: string;
  ms: number;
  /** The text of the confirm dialog that was accepted or declined. */
  confirm?: string;
}

export function gestureOf(result: Delivered): Gesture {
  const { acked, ms } = result;
  return acked ? { sent: true, acked, ms } : { sent: true, acked, error: result.error, ms };
}

/** A channel by id, `name` or `#name`; only one that this person can see. */
export function channelOf({ world, user }: Self, name: string): Channel {
  const bare = name.replace(/^#/, '');
  const channels = [...world.state.channels.values()];
  const found = world.state.channels.get(name) ?? channels.find((channel) => channel.name === bare);
  if (!found) throw new Error(`there is no channel ${name}`);
  const hidden = found.kind !== 'channel' || user.is_restricted || user.is_stranger;
  if (hidden && !found.members.has(user.id)) throw new Error(`${user.name} is not in ${found.name}`);
  return found;
}

export function inputsKey(user: string, surface: string): string {
  return `${user} ${surface}`;
}

/** What this person has entered on a surface (a view's id, or a message). */
export function enteredOn({ world, user }: Self, surface: string): StateValues {
  return world.state.inputs.get(inputsKey(user.id, surface)) ?? {};
}
