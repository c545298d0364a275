import { afterEach, expect, test } from 'vitest';
import { channelOf, concerning, currentlyAbout, during } from '../../src/telemetry/work.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** What is told of gestures, in order. */
function heard(): string[] {
  const lines: string[] = [];
  const say = (what: string) => (told: { request?: string | undefined }) => {
    lines.push([what, told.request].filter(Boolean).join(' '));
  };
  const listeners = {
    start: say('begun'),
    end: () => {},
    asyncStart: () => {},
    asyncEnd: say('ended'),
    error: say('failed'),
  };
  const channel = channelOf('gesture');
  channel.subscribe(listeners);
  stops.push(() => channel.unsubscribe(listeners));
  return lines;
}

test('what turns out while the work goes on is known when it ends', async () => {
  const lines = heard();
  const result = await during('gesture', { kind: 'command' }, async () => {
    await Promise.resolve();
    concerning({ request: 'r-abcde' });
    return 'done';
  });
  expect(result).toBe('done');
  expect(lines).toEqual(['begun', 'ended r-abcde']);
});

test('what goes wrong is told and thrown', async () => {
  const lines = heard();
  await expect(during('gesture', { kind: 'command' }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(lines).toEqual(['begun', 'failed', 'ended']);
});

test('work that goes on at the same time is not confused, and calls within it belong to it', async () => {
  const about = async (request: string) =>
    during('order', { type: 'plan', action: 'scale', effect: undefined, cluster: 'c', request }, async () => {
      await Promise.resolve();
      return during('slackCall', { method: 'chat.update' }, async () => currentlyAbout()?.request);
    });
  await expect(Promise.all([about('r-1'), about('r-2')])).resolves.toEqual(['r-1', 'r-2']);
  expect(currentlyAbout()).toBeUndefined();
  expect(() => concerning({ request: 'r-3' })).not.toThrow();
});
