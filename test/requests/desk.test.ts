import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enabledActions } from '../../src/actions/index.ts';
import { chain, GENESIS } from '../../src/requests/audit.ts';
import { ORDER_VALID_MS } from '../../src/requests/end-of-order.ts';
import type { Request } from '../../src/requests/request.ts';
import { startHubKit } from './hub-kit.ts';
import { plan } from './sample.ts';

describe('requests on a real Redis', () => {
  let kit: Awaited<ReturnType<typeof startHubKit>>;
  beforeAll(async () => {
    kit = await startHubKit();
  });
  afterAll(() => kit.stop());

  const approve = (request: Request, user: string, desk = kit.desk) =>
    desk.approve({ id: request.id, revision: request.revision, user, gesture: 'button' });

  it('makes one request of a gesture that arrives twice', async () => {
    const ask = { gestureKey: 'C1.1700000000.000100' };
    const [one, two] = await Promise.all([kit.ask(ask), kit.ask(ask)]);
    expect(two.id).toBe(one.id);
    expect((await kit.ask(ask)).id).toBe(one.id);
  });

  it('turns wrong input away with the field that is at fault, and keeps nothing', async () => {
    const before = await kit.desk.recent(1_000);
    await expect(kit.ask({ input: { ...{ workload: { name: 'nginx' } }, replicas: -1 } })).rejects.toMatchObject({
      kind: 'input',
      field: 'replicas',
    });
    expect(await kit.desk.recent(1_000)).toHaveLength(before.length);
  });

  it('is decided by another member, never by the requester', async () => {
    const request = await kit.pending();
    expect(request.state).toBe('pending');
    expect((await approve(request, 'UALICE')).refused).toContain('somebody else');
    const answer = await approve(request, 'UBOB');
    expect(answer.refused).toBeUndefined();
    expect(answer.request.state).toBe('approved');
    expect((await approve(request, 'UCAROL')).refused).toBe('This request is approved already.');
  });

  it('is released once when 50 people click twice each on three hubs', async () => {
    const request = await kit.pending();
    const hubs = [kit, kit.startHub(), kit.startHub()];
    const clicks = Array.from({ length: 100 }, (_, i) => approve(request, `U${i % 50}`, hubs[i % 3]?.desk));
    const answers = await Promise.all(clicks);
    expect(answers.filter((answer) => answer.refused === undefined)).toHaveLength(1);
    await Promise.all(hubs.flatMap(({ hub }) => [hub.release(request.id), hub.release(request.id)]));
    const released = hubs
      .flatMap(({ dispatched }) => dispatched)
      .filter((i) => i.request === request.id && i.kind === 'execute');
    expect(released).toHaveLength(1);
    const after = await kit.desk.get(request.id);
    expect(after).toMatchObject({
      state: 'executing',
      order: { attempt: 1, validUntil: kit.clock.now + ORDER_VALID_MS },
    });
  });

  it('asks policy, groups and channel again at the release', async () => {
    const request = await kit.pending();
    await approve(request, 'ULEFT');
    kit.absent.add('ULEFT');
    await kit.hub.release(request.id);
    const after = await kit.desk.get(request.id);
    expect(after).toMatchObject({ state: 'pending', votes: [] });
    expect(after.steps.at(-1)?.detail).toContain('does not count');
  });

  it('asks at the release whether opsbot may still touch the namespace', async () => {
    const request = await kit.pending({ target: { ...plan.target, namespace: 'given-up' } });
    await approve(request, 'UBOB');
    kit.forbidden.add('given-up');
    await kit.hub.release(request.id);
    const after = await kit.desk.get(request.id);
    expect(after).toMatchObject({ state: 'denied' });
    expect(after.ended?.reason).toContain('not configured to touch the namespace given-up');
  });

  it('takes in no action that is off, and releases none that was turned off since it was asked for', async () => {
    const request = await kit.pending();
    await approve(request, 'UBOB');
    const without = kit.startHub({ actions: enabledActions(['logs']) });
    await without.hub.release(request.id);
    const after = await kit.desk.get(request.id);
    expect(after).toMatchObject({ state: 'denied', ended: { reason: 'scale is turned off here.' } });
    const ask = { gestureKey: 'off', cluster: 'test', action: 'scale', input: plan.input, reason: undefined };
    const asked = {
      ...ask,
      requester: 'UALICE',
      origin: { channel: 'C1', thread: undefined, gesture: 'command' },
    } as const;
    await expect(without.desk.ask(asked)).rejects.toMatchObject({
      kind: 'not-allowed',
      message: 'scale is turned off here.',
    });
  });

  it('withdraws a vote with its reaction, but not one that was given by button', async () => {
    const request = await kit.pending();
    const ballot = { id: request.id, revision: 1, user: 'UBOB' } as const;
    await kit.desk.approve({ ...ballot, gesture: 'reaction' });
    expect((await kit.desk.withdraw({ ...ballot, gesture: 'reaction' })).request.state).toBe('pending');
    await kit.desk.approve({ ...ballot, gesture: 'button' });
    expect((await kit.desk.withdraw({ ...ballot, gesture: 'reaction' })).refused).toContain('still counts');
  });

  it('is expired by whoever comes too late, on every path', async () => {
    const byClick = await kit.pending();
    const byTimer = await kit.pending();
    const byRelease = await kit.pending();
    await approve(byRelease, 'UBOB');
    const expiresAt = byClick.expiresAt ?? 0;
    await kit.hub.expire(byTimer.id);
    expect((await kit.desk.get(byTimer.id)).state).toBe('pending');
    kit.clock.now = expiresAt;
    expect((await approve(byClick, 'UBOB')).refused).toContain('expired');
    await kit.hub.expire(byTimer.id);
    await kit.hub.release(byRelease.id);
    for (const { id } of [byClick, byTimer, byRelease]) expect((await kit.desk.get(id)).state).toBe('expired');
  });

  it('lets one change of a workload be under way; the next goes when the first is applied', async () => {
    const [first, second] = [await kit.pending({ target: plan.target }), await kit.pending({ target: plan.target })];
    for (const request of [first, second]) await approve(request, 'UBOB');
    await kit.hub.release(first.id);
    await kit.hub.release(second.id);
    expect(await kit.desk.get(second.id)).toMatchObject({ state: 'approved', waitingFor: first.id });
    await kit.hub.report({ type: 'applied', request: first.id, revision: 1, generation: 2 });
    const next = await kit.desk.get(second.id);
    expect([next.state, next.waitingFor]).toEqual(['executing', undefined]);
    await kit.hub.report({
      type: 'finished',
      request: first.id,
      revision: 1,
      outcome: { result: 'succeeded', text: 'ok' },
    });
    await kit.hub.report({
      type: 'finished',
      request: second.id,
      revision: 1,
      outcome: { result: 'succeeded', text: 'ok' },
    });
  });

  it('takes in reports that overtake each other, and keeps to what is known', async () => {
    const [first, second] = [await kit.pending(), await kit.pending()];
    for (const { id } of [first, second]) {
      await approve(await kit.desk.get(id), 'UBOB');
      await kit.hub.release(id);
    }
    const outcome = { result: 'succeeded', text: 'ok' } as const;
    await kit.hub.report({ type: 'finished', request: first.id, revision: 1, generation: 2, outcome });
    await kit.hub.report({ type: 'applied', request: first.id, revision: 1, generation: 2 });
    const told = await kit.desk.get(first.id);
    expect(told).toMatchObject({ state: 'succeeded', applied: { generation: 2 } });
    expect(told.steps.slice(-2).map(({ event }) => event)).toEqual(['applied', 'finished']);

    await kit.hub.report({ type: 'applied', request: second.id, revision: 1, generation: 2 });
    await kit.hub.report({ type: 'lost', request: second.id, revision: 1, reason: 'the mark is gone' });
    expect(await kit.desk.get(second.id)).toMatchObject({ state: 'executing', applied: { generation: 2 } });
    await kit.hub.report({ type: 'finished', request: second.id, revision: 1, generation: 2, outcome });
  });

  it('believes only the latest attempt that nothing was changed, and any of them that something was', async () => {
    const id = await resumed();
    const of = { request: id, revision: 1, attempt: 1 };
    const outcome = { result: 'failed', reason: 'OrderLapsed', text: 'Nothing was changed.' } as const;
    await kit.hub.report({ type: 'finished', ...of, outcome });
    await kit.hub.report({ type: 'drifted', ...of, reason: 'replicas are 4 now' });
    await kit.hub.report({ type: 'lost', ...of, reason: 'the mark is gone' });
    expect(await kit.desk.get(id)).toMatchObject({ state: 'executing', revision: 1, order: { attempt: 2 } });
    await kit.hub.report({ type: 'finished', ...of, attempt: 2, outcome });
    expect((await kit.desk.get(id)).state).toBe('failed');

    const other = await resumed();
    const done = { result: 'succeeded', text: 'ok' } as const;
    await kit.hub.report({ type: 'finished', ...of, request: other, generation: 2, outcome: done });
    expect(await kit.desk.get(other)).toMatchObject({ state: 'succeeded', applied: { generation: 2 } });
  });

  /** A request whose order was sent twice. */
  async function resumed(): Promise<string> {
    const { id } = await kit.pending();
    await approve(await kit.desk.get(id), 'UBOB');
    await kit.hub.release(id);
    await kit.hub.resume(id);
    return id;
  }

  it('plans again where the cluster has moved on: next revision, no votes', async () => {
    const request = await kit.pending();
    await approve(request, 'UBOB');
    await kit.hub.release(request.id);
    await kit.hub.report({ type: 'drifted', request: request.id, revision: 1, reason: 'replicas are 4 now' });
    expect(await kit.desk.get(request.id)).toMatchObject({ state: 'received', revision: 2, votes: [] });
    expect(kit.dispatched.filter((i) => i.request === request.id && i.kind === 'plan')).toHaveLength(2);
    // The first revision's agent has nothing to say any more.
    await kit.hub.report({
      type: 'finished',
      request: request.id,
      revision: 1,
      outcome: { result: 'succeeded', text: '' },
    });
    expect((await kit.desk.get(request.id)).state).toBe('received');
    await kit.planned({ id: request.id, revision: 2 });
    expect((await approve(request, 'UBOB')).refused).toContain('revision 2');
  });

  it('refuses what an agent planned beyond what was asked', async () => {
    const request = await kit.ask();
    await kit.planned(request, { action: 'restart' });
    expect((await kit.desk.get(request.id)).state).toBe('invalid');
  });

  it('keeps guests and strangers out', async () => {
    kit.standings.set('UGUEST', 'guest');
    await expect(kit.ask({ requester: 'UGUEST' })).rejects.toMatchObject({ kind: 'not-allowed' });
    const request = await kit.pending();
    expect((await approve(request, 'UGUEST')).refused).toContain('Guests');
    expect((await kit.desk.get(request.id)).votes).toEqual([]);
  });

  it('asks who may decide about the request as it is when the decision counts', async () => {
    for (const decide of ['approve', 'reject'] as const) {
      const request = await kit.ask();
      // What a hub sees that loads the request just before its plan is in.
      const late = kit.startHub({ afterLoad: () => kit.planned(request) });
      const ballot = { id: request.id, revision: 1, user: 'UGUEST', gesture: 'command', reason: 'no' } as const;
      expect((await late.desk[decide](ballot)).refused).toContain('Guests');
      expect(await kit.desk.get(request.id)).toMatchObject({ state: 'pending', votes: [] });
    }
  });

  it('takes a rejection by the requester as a cancellation', async () => {
    const request = await kit.pending();
    const { request: after } = await kit.desk.reject({
      id: request.id,
      revision: 1,
      user: 'UALICE',
      gesture: 'reaction',
      reason: '',
    });
    expect(after.state).toBe('cancelled');
  });

  it('undoes with a new request that is approved like any other', async () => {
    const request = await kit.pending();
    await approve(request, 'UBOB');
    await kit.hub.release(request.id);
    await kit.hub.report({
      type: 'finished',
      request: request.id,
      revision: 1,
      outcome: { result: 'succeeded', text: 'ok' },
    });
    const undo = { id: request.id, user: 'UBOB', gestureKey: 'undo-1', origin: request.origin };
    const { request: back } = await kit.desk.undo(undo);
    expect(back).toMatchObject({ state: 'received', requester: 'UBOB', undoOf: request.id, input: { replicas: 3 } });
  });

  it('chains every decision into the audit log', async () => {
    const stored = await kit.redis.xrange(kit.keys.audit, '-', '+');
    expect(stored.length).toBeGreaterThan(30);
    let head = GENESIS;
    for (const [, [, hash, , entry]] of stored) {
      const chained = chain(head, JSON.parse(entry ?? ''));
      expect(chained).toEqual({ entry, hash });
      head = chained.hash;
    }
    expect(await kit.redis.get(kit.keys.auditHead)).toBe(head);
  });
});
