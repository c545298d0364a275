import { expect, it } from 'vitest';
import { createJournal } from '../../jobs/journal.ts';
import { createKeys } from '../../src/requests/keys.ts';
import { redisOfFile } from '../support/redis-of-file.ts';

const { redis, server } = await redisOfFile();

const journalOf = (marker: string, attempt: number) =>
  createJournal({ redis, keys: createKeys(server.prefix), cluster: 'test', marker, attempt });
const fenceAt = (resourceVersion: string) => ({ uid: 'uid-1', resourceVersion, generation: 1, at: 1_000 });

it('takes a fence only from whoever has seen the one before', async () => {
  const journal = journalOf('r-1.1', 1);
  const [first, second] = [fenceAt('7'), fenceAt('8')];
  expect(await journal.fence()).toBeUndefined();
  expect(await journal.moveFence(undefined, first)).toBe('moved');
  expect(await journal.moveFence(undefined, second)).toBe('changed');
  expect(await journal.fence()).toEqual(first);
  expect(await journal.moveFence(first, second)).toBe('moved');
  expect(await journal.fence()).toEqual(second);
});

it('takes none of an attempt that a later one has taken over from', async () => {
  const [first, second, tenth] = [journalOf('r-2.1', 1), journalOf('r-2.1', 2), journalOf('r-2.1', 10)];
  await first.takeOver();
  expect(await first.moveFence(undefined, fenceAt('7'))).toBe('moved');
  await second.takeOver();
  await first.takeOver();
  expect(await first.moveFence(fenceAt('7'), fenceAt('8'))).toBe('overtaken');
  expect(await second.fence()).toEqual(fenceAt('7'));
  expect(await second.moveFence(fenceAt('7'), fenceAt('8'))).toBe('moved');
  await tenth.takeOver();
  expect(await second.moveFence(fenceAt('8'), fenceAt('9'))).toBe('overtaken');
  // Each revision is another change.
  expect(await journalOf('r-2.2', 1).moveFence(undefined, fenceAt('9'))).toBe('moved');
});
