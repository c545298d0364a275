import type { ChannelSlice, PersonSlice } from '../wire.ts';
import { useSlice, useSlices } from './store.ts';

const STRANGER: PersonSlice = { id: '', name: '…', realName: '…', isApp: false, note: undefined, playable: false };

export const usePeople = (): readonly PersonSlice[] => useSlices('person');

export const usePerson = (id: string): PersonSlice => useSlice(`person ${id}`) ?? STRANGER;

/** The one whom this window is used as. */
export const useMe = (): PersonSlice => usePerson(useSlice('me') ?? '');

/** Channels by name first, then direct messages. */
export function useChannels(): ChannelSlice[] {
  const order = ({ kind, name }: ChannelSlice) => `${kind === 'im'} ${name}`;
  return [...useSlices('channel')].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
