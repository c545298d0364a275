import { expect, it } from 'vitest';
import { createSliceDiff } from './slices.ts';
import type { PersonSlice } from './wire.ts';

const person = (name: string): PersonSlice => ({
  id: name,
  name,
  realName: name,
  isApp: false,
  note: undefined,
  playable: true,
});

it('sends everything first, then what has changed or gone, and nothing where nothing has', () => {
  const diff = createSliceDiff();
  expect(diff.next({ me: 'U1', 'person U1': person('alice') })).toEqual({
    isWhole: true,
    set: { me: 'U1', 'person U1': person('alice') },
    gone: [],
  });
  expect(diff.next({ me: 'U1', 'person U1': person('alice') })).toBeUndefined();
  expect(diff.next({ me: 'U1', 'person U2': person('bob') })).toEqual({
    isWhole: false,
    set: { 'person U2': person('bob') },
    gone: ['person U1'],
  });
});

it('sends an empty picture too: a window that connects again has to forget what it had', () => {
  expect(createSliceDiff().next({})).toEqual({ isWhole: true, set: {}, gone: [] });
});
