import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import { createPublishedSnapshot, startSnapshotPublisher } from '../../jobs/published-snapshot.ts';
import { decodeSnapshot, encodeSnapshot } from '../../src/kubernetes/snapshot-codec.ts';
import { createKeys } from '../../src/requests/keys.ts';
import { snapshotOf } from '../kubernetes/snapshot-of.ts';
import { redisOfFile } from '../support/redis-of-file.ts';

const CLUSTER = 'a';
const logger = pino({ level: 'silent' });

const { redis, server } = await redisOfFile();

function publisher(encode = encodeSnapshot) {
  const state = { version: 1 };
  const keys = createKeys(`${server.prefix}${Math.random()}`);
  const published: number[] = [];
  const { stop } = startSnapshotPublisher({
    ...{ redis, keys, cluster: CLUSTER, logger },
    reader: {
      read: async () => snapshotOf({ cluster: CLUSTER, version: state.version }),
      onChange: () => () => undefined,
    },
    encode(snapshot) {
      published.push(performance.now());
      return encode(snapshot);
    },
  });
  const hub = createPublishedSnapshot({ redis, keys, cluster: CLUSTER, decode: decodeSnapshot });
  return { state, published, hub, stop };
}

it('reaches a hub soon after it has changed: forms show what is there now', async () => {
  const { state, hub, stop } = publisher();
  await vi.waitFor(async () => expect((await hub.read()).version).toBe(1), { timeout: 5_000 });
  const changed = performance.now();
  state.version = 2;
  await vi.waitFor(async () => expect((await hub.read()).version).toBe(2), { timeout: 5_000, interval: 10 });
  expect(performance.now() - changed).toBeLessThan(1_000);
  await stop();
});

it('takes at most a twentieth of the agent’s time', async () => {
  const { state, published, stop } = publisher((snapshot) => {
    const until = performance.now() + 40;
    while (performance.now() < until);
    return encodeSnapshot(snapshot);
  });
  const changing = setInterval(() => {
    state.version += 1;
  }, 10);
  await vi.waitFor(() => expect(published.length).toBeGreaterThanOrEqual(3), { timeout: 10_000 });
  clearInterval(changing);
  await stop();
  const [first = 0, second = 0, third = 0] = published;
  expect(Math.min(second - first, third - second)).toBeGreaterThan(20 * 40);
});
