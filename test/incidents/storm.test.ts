import { expect, it } from 'vitest';
import type { Incident, Storm } from '../../src/incidents/incident.ts';
import { nextStorm } from '../../src/incidents/storm.ts';
import { createLedger, sampleFinding, samplePicture, T0 } from './sample.ts';

const sample = createLedger().one(samplePicture([sampleFinding('crash-loop')])) as Incident;

function incidents(from: number, to: number): Incident[] {
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return numbers.map((number) => ({ ...sample, id: `i-${number}`, noticedAt: T0 + number }));
}

const step = (current: Storm | undefined, open: Incident[], now = T0) => nextStorm(current, open, 5, now, () => 's-1');

it('begins with more than so many open, in the order they came', () => {
  expect(step(undefined, incidents(1, 5))).toBeUndefined();
  expect(step(undefined, incidents(1, 6).reverse())).toEqual({
    id: 's-1',
    version: 1,
    channel: 'CALERTS',
    startedAt: T0,
    members: ['i-1', 'i-2', 'i-3', 'i-4', 'i-5', 'i-6'],
    endedAt: undefined,
  });
});

it('gathers, ends once half as many as it takes are open, and may begin again', () => {
  const begun = step(undefined, incidents(1, 6)) as Storm;
  expect(step(begun, incidents(1, 6))).toBeUndefined();
  const more = step(begun, incidents(6, 8)) as Storm;
  expect(more).toMatchObject({ version: 2, members: { length: 8 } });
  expect(step(more, incidents(6, 8))).toBeUndefined();
  const ended = step(more, incidents(7, 8), T0 + 9) as Storm;
  expect(ended).toMatchObject({ version: 3, endedAt: T0 + 9, members: { length: 8 } });
  expect(step(ended, [])).toBeUndefined();
  expect(step(ended, incidents(1, 5))).toBeUndefined();
  expect(step(ended, incidents(11, 16))).toMatchObject({ version: 1, members: { length: 6 }, endedAt: undefined });
});

it('keeps 500 members', () => {
  const begun = step(undefined, incidents(1, 700)) as Storm;
  expect(begun.members).toHaveLength(500);
  expect(step(begun, incidents(1, 900))).toBeUndefined();
});

it('has none where all are allowed to be open', () => {
  expect(nextStorm(undefined, [], 0, T0, () => 's-1')).toBeUndefined();
});
