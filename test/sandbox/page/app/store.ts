import { useSyncExternalStore } from 'react';
import { createListeners } from '../../listeners.ts';
import type { ChannelSlice, MessageSlice, PersonSlice, Slices, SlicesEvent } from '../wire.ts';

type Key = keyof Slices;

const listeners = createListeners();
const slices = new Map<Key, unknown>();
/** Lists by prefix as they were given out last: the same array as long as nothing in it has changed. */
const lists = new Map<string, readonly unknown[]>();

/** Takes in what the sandbox has sent. */
export function takeSlices({ isWhole, set, gone }: SlicesEvent): void {
  const changed = Object.entries(set) as [Key, unknown][];
  const kept = new Set<Key>(changed.map(([key]) => key));
  const lost = isWhole ? [...slices.keys()].filter((key) => !kept.has(key)) : gone;
  for (const key of lost) slices.delete(key);
  for (const [key, slice] of changed) slices.set(key, slice);
  for (const key of [...lost, ...kept]) forgetLists(key);
  listeners.tell();
}

function forgetLists(key: Key): void {
  for (const prefix of lists.keys()) if (key.startsWith(`${prefix} `)) lists.delete(prefix);
}

function listOf(prefix: string): readonly unknown[] {
  const known = lists.get(prefix);
  if (known) return known;
  const found = [...slices].flatMap(([key, slice]) => (key.startsWith(`${prefix} `) ? [slice] : []));
  lists.set(prefix, found);
  return found;
}

/** One slice as it is now; undefined while there is none. Renders again when it changes. */
export function useSlice<K extends Key>(key: K): Slices[K] | undefined {
  return useSyncExternalStore(listeners.add, () => slices.get(key) as Slices[K] | undefined);
}

/** All slices whose keys begin with that, as in `useSlices('message C0SANDBOX')`; in no order. */
export function useSlices(prefix: 'person'): readonly PersonSlice[];
export function useSlices(prefix: 'channel'): readonly ChannelSlice[];
export function useSlices(prefix: `message ${string}`): readonly MessageSlice[];
export function useSlices(prefix: string): readonly unknown[] {
  return useSyncExternalStore(listeners.add, () => listOf(prefix));
}
