import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJournal } from '../../jobs/journal.ts';
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

  it('ends what no agent has taken while it was valid, and lets the next change of the workload go', async () => {
    const { id, order, cluster, plan } = await released();
    const jobId = intentId(id, order?.version ?? 0, 'execute');
    await queues.agent(cluster).add('execute', {} as ExecuteOrder, { jobId });
    kit.clock.now += MINUTE;
    await look();
    expect((await kit.desk.get(id)).state).toBe('executing');
    kit.clock.now += MINUTE;
    await look();
    expect(await kit.desk.get(id)).toMatchObject({ state: 'failed', outcome: { reason: 'OrderLapsed' } });
    expect(await kit.redis.exists(kit.keys.workloadLock(cluster, plan?.target.uid ?? ''))).toBe(0);
  });

  it('does not say that nothing was changed where an agent had begun with the same order', async () => {
    const { id, order, cluster } = await released();
    const jobId = intentId(id, order?.version ?? 0, 'execute');
    await queues.agent(cluster).add('execute', {} as ExecuteOrder, { jobId });
    const journal = createJournal(kit.redis, kit.keys, cluster, `${id}.1`);
    await journal.moveFence(undefined, { uid: 'u', resourceVersion: '7', generation: 1, at: kit.clock.now });
    kit.clock.now += 10 * MINUTE;
    await look();
    expect((await kit.desk.get(id)).state).toBe('executing');
  });

  it('does not say that nothing was changed where an earlier agent may have done it', async () => {
    const { id, cluster } = await released();
    kit.clock.now += MINUTE;
    await look();
    const { order } = await kit.desk.get(id);
    const jobId = intentId(id, order?.version ?? 0, 'execute');
    await queues.agent(cluster).add('execute', {} as ExecuteOrder, { jobId });
    kit.clock.now += 10 * MINUTE;
    await look();
    expect(await kit.desk.get(id)).toMatchObject({ state: 'executing', order: { attempt: 2 } });
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
