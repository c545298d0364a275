import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQueues, type Queues } from '../../jobs/queues.ts';
import { createReconciler } from '../../jobs/reconciler.ts';
import { intentId } from '../../src/requests/intents.ts';
import type { ExecuteOrder } from '../../src/requests/order.ts';
import { startHubKit } from '../requests/hub-kit.ts';

const MINUTE = 60_000;

describe('the reconciler', () => {
  let kit: Awaited<ReturnType<typeof startHubKit>>;
  let queues: Queues;
  let look: () => Promise<void>;
  beforeAll(async () => {
    kit = await startHubKit();
    queues = createQueues(kit.redis, kit.keys.prefix);
    const dispatcher = { dispatch: async () => undefined, sweep: async () => undefined };
    const { store, redis, keys, hub, clock } = kit;
    const logger = pino({ level: 'silent' });
    ({ look } = createReconciler({ store, redis, keys, hub, dispatcher, queues, logger, now: () => clock.now }));
  });
  afterAll(async () => {
    await queues.close();
    await kit.stop();
  });

  async function released() {
    const { id } = await kit.pending();
    await kit.desk.approve({ id, revision: 1, user: 'UBOB', gesture: 'button' });
    await kit.hub.release(id);
    return kit.desk.get(id);
  }

  it('leaves an order alone that waits for its agent, and sends one again that got lost, once', async () => {
    const { id, order, cluster } = await released();
    const attempt = async () => (await kit.desk.get(id)).order?.attempt;
    const jobId = intentId(id, order?.version ?? 0, 'execute');
    const job = await queues.agent(cluster).add('execute', {} as ExecuteOrder, { jobId });
    kit.clock.now += MINUTE;
    await look();
    expect(await attempt()).toBe(1);
    await job.remove();
    await look();
    expect(await attempt()).toBe(2);
    await look();
    expect(await attempt()).toBe(2);
  });

  it('leaves an order alone that an agent carries out', async () => {
    const { id, cluster } = await released();
    await kit.redis.set(kit.keys.running(cluster, id), 'agent');
    kit.clock.now += MINUTE;
    await look();
    expect((await kit.desk.get(id)).order?.attempt).toBe(1);
  });

  it('ends what is late, and releases what was approved and forgotten', async () => {
    const late = await kit.pending();
    const forgotten = await kit.pending();
    await kit.desk.approve({ id: forgotten.id, revision: 1, user: 'UBOB', gesture: 'button' });
    kit.clock.now += MINUTE;
    await look();
    expect((await kit.desk.get(forgotten.id)).state).toBe('executing');
    kit.clock.now = late.expiresAt ?? 0;
    await look();
    expect((await kit.desk.get(late.id)).state).toBe('expired');
  });
});
