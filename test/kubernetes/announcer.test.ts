import { expect, it } from 'vitest';
import { createAnnouncer } from '../../src/kubernetes/announcer.ts';
import { silentLogger } from '../../src/kubernetes/logger.ts';
import { createFakeClock } from './fake-clock.ts';

function setUp() {
  const clock = createFakeClock();
  const announcer = createAnnouncer(clock, 1_000, silentLogger);
  const told: number[] = [];
  const unsubscribe = announcer.subscribe(() => told.push(clock.monotonic()));
  return { clock, announcer, told, unsubscribe };
}

it('tells of the first change at once, and of those that follow together, once a second', async () => {
  const { clock, announcer, told } = setUp();
  await clock.advance(5_000);
  announcer.changed();
  await clock.advance(0);
  expect(told).toEqual([5_000]);
  for (let step = 0; step < 30; step++) {
    announcer.changed();
    await clock.advance(100);
  }
  await clock.advance(5_000);
  expect(told).toEqual([5_000, 6_000, 7_000, 8_000]);
});

it('goes on where a listener throws, and not to those who have left', async () => {
  const { clock, announcer, told, unsubscribe } = setUp();
  const others: string[] = [];
  announcer.subscribe(() => {
    throw new Error('listener');
  });
  announcer.subscribe(() => others.push('told'));
  unsubscribe();
  announcer.changed();
  await clock.advance(1_000);
  expect([told, others]).toEqual([[], ['told']]);
  announcer.changed();
  announcer.stop();
  await clock.advance(5_000);
  expect(others).toEqual(['told']);
});
