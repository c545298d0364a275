import { describe, expect, it } from 'vitest';
import { createLeaveEvent } from '../../jobs/leave-event.ts';
import { findAction } from '../../src/actions/index.ts';
import { ConflictError, NotAllowedError, UnavailableError } from '../../src/errors.ts';
import type { WorkloadEvent } from '../../src/kubernetes/cluster.ts';
import type { Credit } from '../../src/requests/credit.ts';
import type { ExecuteOrder } from '../../src/requests/order.ts';
import { plan, T0 } from '../requests/sample.ts';

const scale = findAction('scale') ?? expect.fail('no scale');
const order: ExecuteOrder = {
  ...{ type: 'execute', request: 'r-k7m2q', revision: 2, attempt: 1, action: 'scale', effect: 'change', plan },
  ...{ requestedAt: T0, validUntil: T0 },
};

/** One agent: what it leaves behind, and what it says of it. `fail`: how the cluster answers. */
function agent(fail: () => Error | undefined = () => undefined) {
  const left: WorkloadEvent[] = [];
  const warnings: unknown[] = [];
  let suspected = 0;
  const leave = createLeaveEvent({
    cluster: {
      async createEvent(event) {
        const failure = fail();
        if (failure) throw failure;
        left.push(event);
      },
    },
    instance: 'opsbot-1',
    mask: (text) => text.replace('hunter2', '••••'),
    suspect: () => {
      suspected += 1;
    },
    logger: { warn: (fields) => void warnings.push(fields) },
    now: () => T0,
  });
  return { left, warnings, leave, suspected: () => suspected };
}
const { signal } = new AbortController();

async function leftBy(given: Partial<ExecuteOrder>): Promise<WorkloadEvent> {
  const { left, leave } = agent();
  await leave({ ...order, ...given }, scale, signal);
  return left[0] ?? expect.fail('nothing was left');
}
const saidBy = async (credit: unknown) => (await leftBy({ credit: credit as Credit })).message;

describe('the Event on what was changed', () => {
  it('is about the workload, and named after it and the request', async () => {
    expect(await leftBy({})).toMatchObject({
      name: 'nginx.r-k7m2q-2',
      workload: { kind: 'Deployment', namespace: 'default', name: 'nginx', uid: 'uid-1' },
      reason: 'Scaled',
      instance: 'opsbot-1',
      at: T0,
    });
  });

  it.each([
    [{ requester: 'alice', approvers: ['bob'] }, 'asked by alice, approved by bob (r-k7m2q)'],
    [{ requester: 'alice', approvers: ['bob', 'carol'] }, 'asked by alice, approved by bob, carol (r-k7m2q)'],
    [{ requester: 'alice', approvers: [] }, 'asked by alice (r-k7m2q)'],
    [{ requester: 'alice', approvers: ['alice'] }, 'asked by alice, who confirmed it (r-k7m2q)'],
    [
      { requester: 'alice', approvers: ['bob'], reason: 'launch\nat noon' },
      'asked by alice, approved by bob (r-k7m2q). Reason: launch at noon',
    ],
    [
      { requester: 'a', approvers: ['b', 'c', 'd', 'e', 'f', 'g', 'h'] },
      'asked by a, approved by b, c, d, e, f and 2 more (r-k7m2q)',
    ],
    [undefined, 'request r-k7m2q'],
    [{ requester: 7 }, 'request r-k7m2q'],
  ])('says in whose name: %j', async (credit, words) => {
    expect(await saidBy(credit)).toBe(`Replicas 3 → 5 by opsbot: ${words}`);
  });

  it('is cut to what the API takes, whatever an order says, and hides what looks like a secret', async () => {
    const long = await saidBy({
      requester: 'é'.repeat(9_999),
      approvers: Array(50).fill('😀'.repeat(999)),
      reason: '',
    });
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(1024);
    expect(Buffer.byteLength(long)).toBeGreaterThan(900);
    expect(long).toMatch(/…$/);
    expect(await saidBy({ requester: 'alice', approvers: [], reason: 'hunter2' })).toMatch(/Reason: ••••$/);
    const name = `${'a'.repeat(242)}.${'b'.repeat(10)}`;
    const event = await leftBy({ plan: { ...plan, target: { ...plan.target, name } } });
    expect(event.name).toHaveLength(252);
    expect(event.name).toMatch(/^a{242}\.r-k7m2q-2$/);
  });
});

describe('where it cannot be left', () => {
  it('is no trouble that it is there already', async () => {
    const { leave, warnings } = agent(() => new ConflictError('there is one'));
    await leave(order, scale, signal);
    expect(warnings).toEqual([]);
  });

  it('is told once for each cause, until it works again', async () => {
    let failure: Error | undefined = new NotAllowedError('opsbot may not create events');
    const { leave, warnings, left, suspected } = agent(() => failure);
    await leave(order, scale, signal);
    await leave(order, scale, signal);
    expect([warnings.length, suspected()]).toEqual([1, 1]);
    failure = new UnavailableError('The cluster does not answer.');
    await leave(order, scale, signal);
    failure = undefined;
    await leave(order, scale, signal);
    failure = new UnavailableError('The cluster does not answer.');
    await leave(order, scale, signal);
    expect([warnings.length, left.length, suspected()]).toEqual([3, 1, 1]);
  });

  it('is silent about it where the process ends: another one goes on', async () => {
    const { leave, warnings } = agent(() => new Error('aborted'));
    await leave(order, scale, AbortSignal.abort());
    expect(warnings).toEqual([]);
  });
});
