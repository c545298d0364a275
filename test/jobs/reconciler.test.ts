import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJournal } from '../../jobs/journal.ts';
import { createQueues, type Queues } from '../../jobs/queues.ts';
import { createReconciler } from '../../jobs/reconciler.ts';
import { UnavailableError } from '../../src/errors.ts';
import { type Intent, intentId } from '../../src/requests/intents.ts';
import type { ExecuteOrder, Order } from '../../src/requests/order.ts';
import { startHubKit } from '../requests/hub-kit.ts';
import { plan } from '../requests/sample.ts';

const MINUTE = 60_000;
const nobody = 'No agent of cluster test has taken this up yet.';

describe('the reconciler', () => {
  let kit: Awaited<ReturnType<typeof startHubKit>>;
  let queues: Queues;
  let look: () => Promise<void>;
  const dispatched: Intent[] = [];
  beforeAll(async () => {
    kit = await startHubKit();
    queues = createQueues(kit.redis, kit.keys.prefix);
    const dispatch = async (intents: readonly Intent[]) => void dispatched.push(...intents);
    const dispatcher = { dispatch, sweep: async () => undefined };
    const { store, redis, keys, hub, clock } = kit;
    const logger = pino({ level: 'silent' });
    ({ look } = createReconciler({ store, redis, keys, hub, dispatcher, queues, logger, now: () => clock.now }));
  });
  afterAll(async () => {
    await queues.close();
    await kit.stop();
  });

  /** A request whose order was lost, and waits in the queue a second time. */
  async function sentAgain() {
    const { id, cluster } = await released();
    kit.clock.now += MINUTE;
    await look();
    const { order } = await kit.desk.get(id);
    const jobId = intentId(id, order?.version ?? 0, 'execute');
    await queues.agent(cluster).add('execute', {} as ExecuteOrder, { jobId });
    return { id, cluster };
  }

  /** A request of unknown outcome, because no agent came back to find out. */
  async function lost() {
    const { id } = await sentAgain();
    kit.clock.now += 12 * MINUTE;
    await look();
    const request = await kit.desk.get(id);
    expect(request.state).toBe('unknown');
    return request;
  }

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
    const journal = createJournal({ redis: kit.redis, keys: kit.keys, cluster, marker: `${id}.1`, attempt: 1 });
    await journal.moveFence(undefined, { uid: 'u', resourceVersion: '7', generation: 1, at: kit.clock.now });
    kit.clock.now += 10 * MINUTE;
    await look();
    expect((await kit.desk.get(id)).state).toBe('executing');
    kit.clock.now += 2 * MINUTE;
    await look();
    expect((await kit.desk.get(id)).state).toBe('unknown');
  });

  it('does not say that nothing was changed where an earlier agent may have done it', async () => {
    const { id, cluster } = await sentAgain();
    kit.clock.now += 10 * MINUTE;
    await look();
    expect(await kit.desk.get(id)).toMatchObject({ state: 'executing', order: { attempt: 2 } });
    kit.clock.now += 2 * MINUTE;
    await look();
    const given = await kit.desk.get(id);
    expect(given).toMatchObject({ state: 'unknown', ended: { reason: expect.stringContaining('went away') } });
    expect(await kit.redis.exists(kit.keys.workloadLock(cluster, given.plan?.target.uid ?? ''))).toBe(0);
  });

  it('lets an agent that comes back late say how it ended, unless a person has said so', async () => {
    const settled = [];
    for (const says of ['agent', 'person']) {
      const { id } = await lost();
      if (says === 'person') await kit.desk.settle({ id, user: 'UBOB', succeeded: false });
      const outcome = { result: 'succeeded', text: '5 of 5 pods ready.' } as const;
      await kit.hub.report({ type: 'finished', request: id, revision: 1, generation: 7, outcome });
      const { state, steps } = await kit.desk.get(id);
      settled.push([state, steps.at(-1)?.actor]);
    }
    expect(settled).toEqual([
      ['succeeded', 'agent'],
      ['failed', { user: 'UBOB' }],
    ]);
  });

  it('waits for long where only the pods have to be followed, and never says that nothing was changed', async () => {
    const { id, cluster } = await released();
    await kit.hub.report({ type: 'applied', request: id, revision: 1, generation: 7 });
    kit.clock.now += MINUTE;
    await look();
    const { order } = await kit.desk.get(id);
    await queues.agent(cluster).add('execute', {} as ExecuteOrder, {
      jobId: intentId(id, order?.version ?? 0, 'execute'),
    });
    kit.clock.now += 30 * MINUTE;
    await look();
    const waiting = await kit.desk.get(id);
    expect(waiting).toMatchObject({ state: 'executing', hindrance: { reason: nobody } });
    kit.clock.now += 32 * MINUTE;
    await look();
    const outcome = { reason: 'NotFollowed', text: expect.stringContaining('was applied') };
    expect(await kit.desk.get(id)).toMatchObject({ state: 'failed', outcome });
  });

  it('says once that no agent takes an order, and when its plan expires, that this was why', async () => {
    const { id, version, cluster } = await kit.ask();
    await queues.agent(cluster).add('plan', {} as Order, { jobId: intentId(id, version, 'plan') });
    const told = async () => (await kit.desk.get(id)).steps.filter(({ event }) => event === 'hindered');
    await look();
    expect(await told()).toEqual([]);
    kit.clock.now += 6_000;
    await look();
    await look();
    expect(await told()).toMatchObject([{ detail: nobody }]);
    const order = await released();
    await queues.agent(cluster).add('execute', {} as ExecuteOrder, {
      jobId: intentId(order.id, order.order?.version ?? 0, 'execute'),
    });
    kit.clock.now += 6_000;
    await look();
    expect(await kit.desk.get(order.id)).toMatchObject({ state: 'executing', hindrance: { reason: nobody } });
    kit.clock.now += 15 * MINUTE;
    await look();
    expect(await kit.desk.get(id)).toMatchObject({ state: 'expired', ended: { reason: nobody } });
    expect(await kit.desk.get(order.id)).toMatchObject({ state: 'failed', outcome: { reason: 'OrderLapsed' } });
  });

  it('asks again and again for a plan that gets lost, but piles up nothing while nobody takes it', async () => {
    await queues.agent('test').drain();
    const { id } = await kit.ask();
    const asked = () => {
      const plans = dispatched.filter(({ request, kind }) => request === id && kind === 'plan');
      return new Set(plans.map((intent) => intent.id)).size;
    };
    for (let seconds = 6; seconds < 60; seconds += 2) {
      kit.clock.now += 2_000;
      await look();
    }
    const before = asked();
    expect(before).toBeGreaterThan(4);
    expect(before).toBeLessThan(10);
    const waiting = await queues.agent('test').add('plan', {} as Order);
    kit.clock.now += MINUTE;
    await look();
    expect(asked()).toBe(before);
    await waiting.remove();
  });

  it('says that an agent is silent which has taken a plan’s order and does not answer', async () => {
    const { id } = await kit.ask();
    kit.clock.now += 6_000;
    await look();
    expect((await kit.desk.get(id)).hindrance).toBeUndefined();
    kit.clock.now += 10_000;
    await look();
    expect((await kit.desk.get(id)).hindrance?.reason).toContain('has answered yet');
  });

  it('lets another agent follow a change while Slack is away: nobody is needed for that', async () => {
    const [begun, done] = [await released(), await released()];
    await kit.hub.report({ type: 'applied', request: done.id, revision: 1, generation: 7 });
    const away = { get: () => Promise.reject(new UnavailableError('Slack does not say who may do this just now.')) };
    Object.assign(kit.standings, away);
    kit.clock.now += 6_000;
    await look();
    Reflect.deleteProperty(kit.standings, 'get');
    expect((await kit.desk.get(done.id)).order).toMatchObject({ attempt: 2, validUntil: 0 });
    expect((await kit.desk.get(begun.id)).order?.attempt).toBe(1);
  });

  it('releases what could not be released while Slack was away, and says why it took so long', async () => {
    const { id } = await kit.pending();
    await kit.desk.approve({ id, revision: 1, user: 'UBOB', gesture: 'button' });
    const away = { get: () => Promise.reject(new UnavailableError('Slack does not say who may do this just now.')) };
    Object.assign(kit.standings, away);
    for (let round = 0; round < 3; round++) {
      kit.clock.now += 6_000;
      await look();
    }
    const held = await kit.desk.get(id);
    expect(held).toMatchObject({ state: 'approved', hindrance: { reason: expect.stringContaining('Slack') } });
    expect(held.steps.filter(({ event }) => event === 'hindered')).toHaveLength(1);
    Reflect.deleteProperty(kit.standings, 'get');
    kit.clock.now += 6_000;
    await look();
    const { state, hindrance } = await kit.desk.get(id);
    expect([state, hindrance]).toEqual(['executing', undefined]);
  });

  it('frees a workload from a request that is gone, and from none that is at work', async () => {
    const [waiting, next] = [await kit.pending(), await released()];
    const lock = kit.keys.workloadLock(waiting.cluster, waiting.plan?.target.uid ?? '');
    await kit.desk.approve({ id: waiting.id, revision: 1, user: 'UBOB', gesture: 'button' });
    await kit.redis.set(lock, next.id);
    kit.clock.now += 6_000;
    await look();
    expect(await kit.desk.get(waiting.id)).toMatchObject({ state: 'approved', waitingFor: next.id });
    await kit.redis.set(lock, 'r-gone');
    for (let round = 0; round < 2; round++) {
      kit.clock.now += 6_000;
      await look();
    }
    expect((await kit.desk.get(waiting.id)).state).toBe('executing');
    expect(await kit.redis.get(lock)).toBe(waiting.id);
  });

  it('lets a request go whose predecessor ended in a process that died before it could say so', async () => {
    const first = await released();
    const uid = first.plan?.target.uid ?? '';
    const second = await kit.pending({ target: { ...plan.target, uid } });
    await kit.desk.approve({ id: second.id, revision: 1, user: 'UBOB', gesture: 'button' });
    await kit.hub.release(second.id);
    expect((await kit.desk.get(second.id)).waitingFor).toBe(first.id);
    // As if the process had ended before it came to those who wait.
    await kit.redis.zrem(kit.keys.open, second.id);
    await kit.hub.report({ type: 'applied', request: first.id, revision: 1, generation: 7 });
    await kit.redis.zadd(kit.keys.open, second.createdAt, second.id);
    expect((await kit.desk.get(second.id)).state).toBe('approved');
    kit.clock.now += 6_000;
    await look();
    expect((await kit.desk.get(second.id)).state).toBe('executing');
  });

  it('says again what a request waits for, once another hindrance is over', async () => {
    const first = await released();
    const second = await kit.pending({ target: { ...plan.target, uid: first.plan?.target.uid ?? '' } });
    await kit.desk.approve({ id: second.id, revision: 1, user: 'UBOB', gesture: 'button' });
    await kit.hub.release(second.id);
    await kit.hub.hinder(second.id, 'Slack does not say who may do this just now.');
    for (let round = 0; round < 3; round++) await kit.hub.release(second.id);
    const { waitingFor, hindrance, steps } = await kit.desk.get(second.id);
    expect([waitingFor, hindrance]).toEqual([first.id, undefined]);
    expect(steps.filter(({ event }) => event === 'waiting')).toHaveLength(2);
  });

  it('sends the order of an agent that leaves to another at once, and once', async () => {
    const { id } = await released();
    const left = { type: 'left', request: id, revision: 1, attempt: 1 } as const;
    await kit.hub.report(left);
    await kit.hub.report(left);
    expect((await kit.desk.get(id)).order?.attempt).toBe(2);
  });

  /** As where one agent after another dies of it. */
  async function resumedFor(hours: number, id: string) {
    for (let over = 0; over < hours * 60; over += 1) {
      kit.clock.now += MINUTE;
      await look();
    }
    return kit.desk.get(id);
  }

  it('gives up what agent after agent goes away with, and frees its workload', async () => {
    const { id, plan, cluster } = await released();
    const ended = await resumedFor(2, id);
    expect(ended).toMatchObject({ state: 'unknown', ended: { reason: expect.stringContaining('went away') } });
    expect(ended.steps.length).toBeLessThan(30);
    expect(await kit.redis.exists(kit.keys.workloadLock(cluster, plan?.target.uid ?? ''))).toBe(0);

    const followed = (await released()).id;
    await kit.hub.report({ type: 'applied', request: followed, revision: 1, generation: 7 });
    const outcome = { reason: 'NotFollowed', text: expect.stringContaining('was applied') };
    expect(await resumedFor(2, followed)).toMatchObject({ state: 'failed', outcome });
  });

  it('asks nobody how a read ended that agents went away with', async () => {
    const asked = await kit.ask({ action: 'pods', input: { namespace: 'default' } });
    await kit.planned(asked, { action: 'pods', patch: null, preconditions: [], diff: [] });
    await kit.hub.release(asked.id);
    expect(await resumedFor(2, asked.id)).toMatchObject({ state: 'failed', outcome: { reason: 'NoAnswer' } });

    const another = await kit.ask({ action: 'pods', input: { namespace: 'default' } });
    await kit.planned(another, { action: 'pods', patch: null, preconditions: [], diff: [] });
    await kit.hub.release(another.id);
    await kit.hub.resume(another.id);
    kit.clock.now += 2 * MINUTE;
    await kit.hub.lapse(another.id);
    expect(await kit.desk.get(another.id)).toMatchObject({ state: 'failed', outcome: { reason: 'NoAnswer' } });
  });

  it('says each hindrance once, also where two take turns', async () => {
    const { id } = await released();
    const told = async () => (await kit.desk.get(id)).steps.filter(({ event }) => event === 'hindered').length;
    const hindered = { type: 'hindered', request: id, revision: 1 } as const;
    for (let n = 0; n < 20; n += 1)
      await kit.hub.report({ ...hindered, reason: n % 2 ? 'It is busy.' : 'It is away.' });
    expect(await told()).toBe(2);
    await kit.hub.resume(id);
    await kit.hub.report({ ...hindered, reason: 'It is busy.' });
    expect(await told()).toBe(3);
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
