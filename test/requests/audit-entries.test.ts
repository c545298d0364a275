import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestEntry } from '../../src/requests/audit.ts';
import type { Report } from '../../src/requests/order.ts';
import type { Request } from '../../src/requests/request.ts';
import { startHubKit } from './hub-kit.ts';
import { plan } from './sample.ts';

/** What an entry has to say for itself: who, what, where, by which rule, on whose votes, and how it ended. */
describe('what the audit log says', () => {
  let kit: Awaited<ReturnType<typeof startHubKit>>;
  beforeAll(async () => {
    kit = await startHubKit();
    kit.identities.set('UALICE', { name: 'alice', email: 'alice@example.com' });
    kit.identities.set('UBOB', { name: 'bob' });
  });
  afterAll(() => kit.stop());

  async function entriesOf({ id }: Pick<Request, 'id'>): Promise<RequestEntry[]> {
    const stored = await kit.redis.xrange(kit.keys.audit, '-', '+');
    const all = stored.map(([, [, , , text = '']]) => JSON.parse(text) as RequestEntry);
    return all.filter(({ request }) => request === id);
  }
  async function entryOf(request: Pick<Request, 'id'>, event: RequestEntry['event']): Promise<RequestEntry> {
    const found = (await entriesOf(request)).find((entry) => entry.event === event);
    return found ?? expect.fail(`no entry ${event}`);
  }
  const ballot = (request: Request, user: string) =>
    ({ id: request.id, revision: request.revision, user, gesture: 'reaction' }) as const;

  /** As the outbox leaves it: the request's card in a thread. */
  async function shown(request: Request): Promise<void> {
    const cards = [
      { revision: 0, ts: undefined, shown: undefined },
      { revision: 1, ts: '1700000000.000200', shown: 'x' },
    ];
    const surface = { channel: 'C1', thread: '1700000000.000100', cards, told: 0, gone: undefined, answered: false };
    await kit.surfaces.put(request.id, { ...surface, fileId: undefined });
  }
  const SURFACES = [{ channel: 'C1', thread: '1700000000.000100', ts: '1700000000.000200', revision: 1 }];

  async function pending(of: Partial<typeof plan> = {}): Promise<Request> {
    const request = await kit.pending(of);
    await shown(request);
    return request;
  }
  async function executing(): Promise<Request> {
    const request = await pending();
    await kit.desk.approve(ballot(request, 'UBOB'));
    await kit.hub.release(request.id);
    return kit.desk.get(request.id);
  }
  const report = ({ id: request, revision }: Request) => ({ request, revision });

  it('is who asked, where and how', async () => {
    const request = await kit.ask({ origin: { channel: 'C1', thread: '1.2', gesture: 'modal' } });
    expect(await entryOf(request, 'asked')).toMatchObject({
      actor: { user: 'UALICE' },
      people: { UALICE: { name: 'alice', email: 'alice@example.com' } },
      origin: { channel: 'C1', thread: '1.2', gesture: 'modal' },
      input: plan.input,
    });
  });

  it('is who approved, how, and which message they saw', async () => {
    const request = await executing();
    const voted = await entryOf(request, 'voted');
    expect(voted).toMatchObject({ actor: { user: 'UBOB' }, gesture: 'reaction', surfaces: SURFACES });
    expect(voted.people).toEqual({ UALICE: { name: 'alice', email: 'alice@example.com' }, UBOB: { name: 'bob' } });
  });

  it('is by whose votes it was released, when they are no longer known', async () => {
    kit.identities.delete('UBOB');
    const request = await pending();
    kit.identities.set('UBOB', { name: 'bob' });
    await kit.desk.approve(ballot(request, 'UBOB'));
    kit.identities.set('UBOB', { name: 'robert' });
    await kit.hub.release(request.id);
    expect(await entryOf(request, 'released')).toMatchObject({
      actor: 'opsbot',
      votes: [{ user: 'UBOB', gesture: 'reaction' }],
      people: { UALICE: { name: 'alice' }, UBOB: { name: 'bob' } },
    });
    kit.identities.set('UBOB', { name: 'bob' });
  });

  it('leaves out who Slack does not tell of, and says no more of anybody than an id elsewhere', async () => {
    const request = await pending();
    await kit.desk.reject({ ...ballot(request, 'UNOBODY'), reason: 'not today' });
    const rejected = await entryOf(request, 'rejected');
    expect(Object.keys(rejected.people ?? {})).toEqual(['UALICE']);
    const another = await pending();
    await kit.desk.reject({ ...ballot(another, 'UBOB'), reason: 'not today' });
    const { steps, ended } = await kit.desk.get(another.id);
    expect(steps.at(-1)?.actor).toEqual({ user: 'UBOB' });
    expect(ended?.by).toEqual({ user: 'UBOB' });
  });

  it('is by the votes that count alone', async () => {
    const match = { match: { namespace: ['default'] }, reason: 'optional', expiresMs: undefined } as const;
    const rule = (approvals: number) => ({ ...match, decision: 'approve', approvals, approvers: [] }) as const;
    const [strict, mild] = [kit.startHub({ rules: [rule(2)] }), kit.startHub({ rules: [rule(1)] })];
    const request = await kit.ask();
    await strict.hub.report({ type: 'planned', ...report(request), plan } as Report);
    for (const user of ['UBOB', 'ULEFT']) await strict.desk.approve(ballot(request, user));
    kit.absent.add('ULEFT');
    await mild.hub.release(request.id);
    expect((await entryOf(request, 'released')).votes).toMatchObject([{ user: 'UBOB' }]);
    expect((await kit.desk.get(request.id)).votes).toHaveLength(1);
  });

  it('is, of a new plan, what its digest is made of', async () => {
    const planned = await entryOf(await pending(), 'planned');
    expect(planned).toMatchObject({ patch: plan.patch, preconditions: plan.preconditions, input: plan.input });
    expect(planned.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  const ENDS: Record<string, { event: RequestEntry['event']; says: object; end(): Promise<Request> }> = {
    succeeded: {
      event: 'finished',
      says: { outcome: { result: 'succeeded', text: '5 of 5' }, votes: [{ user: 'UBOB' }] },
      async end() {
        const request = await executing();
        await kit.hub.report({
          type: 'finished',
          ...report(request),
          generation: 2,
          outcome: { result: 'succeeded', text: '5 of 5' },
        });
        return request;
      },
    },
    failed: {
      event: 'finished',
      says: { outcome: { result: 'failed', reason: 'Forbidden' }, votes: [{ user: 'UBOB' }] },
      async end() {
        const request = await executing();
        const outcome = { result: 'failed', reason: 'Forbidden', text: 'opsbot may not' } as const;
        await kit.hub.report({ type: 'finished', ...report(request), outcome });
        return request;
      },
    },
    unknown: {
      event: 'lost',
      says: { reason: 'the cluster does not answer', votes: [{ user: 'UBOB' }] },
      async end() {
        const request = await executing();
        await kit.hub.report({ type: 'lost', ...report(request), reason: 'the cluster does not answer' });
        return request;
      },
    },
    settled: {
      event: 'settled',
      says: { actor: { user: 'UCAROL' }, outcome: { result: 'failed' }, votes: [{ user: 'UBOB' }] },
      async end() {
        const request = await executing();
        await kit.hub.report({ type: 'lost', ...report(request), reason: 'the cluster does not answer' });
        await kit.desk.settle({ id: request.id, user: 'UCAROL', succeeded: false });
        return request;
      },
    },
    rejected: {
      event: 'rejected',
      says: { actor: { user: 'UBOB' }, reason: 'not today', gesture: 'reaction', votes: [] },
      async end() {
        const request = await pending();
        await kit.desk.reject({ ...ballot(request, 'UBOB'), reason: 'not today' });
        return request;
      },
    },
    cancelled: {
      event: 'cancelled',
      says: { actor: { user: 'UALICE' }, votes: [] },
      async end() {
        const request = await pending();
        await kit.desk.cancel({ id: request.id, user: 'UALICE', reason: '' });
        return request;
      },
    },
    denied: {
      event: 'denied',
      says: { rule: 'the configured namespaces', votes: [{ user: 'UBOB' }] },
      async end() {
        const request = await pending({ target: { ...plan.target, namespace: 'given-up' } });
        await kit.desk.approve(ballot(request, 'UBOB'));
        kit.forbidden.add('given-up');
        await kit.hub.release(request.id);
        return request;
      },
    },
    expired: {
      event: 'expired',
      says: { votes: [] },
      async end() {
        const request = await pending();
        const now = kit.clock.now;
        kit.clock.now = request.expiresAt ?? now;
        await kit.hub.expire(request.id);
        kit.clock.now = now;
        return request;
      },
    },
  };
  it.each(Object.entries(ENDS))('is all of the matter where it ended as %s', async (_, { event, says, end }) => {
    const request = await end();
    const { digest, rule } = await entryOf(request, 'decided');
    expect(await entryOf(request, event)).toMatchObject({
      target: { kind: 'Deployment', name: 'nginx' },
      diff: plan.diff,
      input: plan.input,
      digest,
      rule,
      surfaces: SURFACES,
      ...says,
    });
  });

  it('is what was read, down to the lines', async () => {
    const ask = { workload: { kind: 'Deployment', namespace: 'default', name: 'nginx' }, tail: 200 };
    const request = await kit.ask({ action: 'logs', input: ask });
    const input = { namespace: 'default', pod: 'nginx-1', container: 'nginx', tail: 200 };
    const target = { kind: 'Pod', namespace: 'default', name: 'nginx-1', uid: 'uid-9' } as const;
    await kit.planned(request, { action: 'logs', input, target, patch: null, preconditions: [], diff: [] } as never);
    await kit.hub.release(request.id);
    const reading = { headline: 'Last 200 lines of nginx-1', body: 'x', filename: 'nginx-1.log' };
    await kit.hub.report({ type: 'read', ...report(request), reading });
    expect(await entryOf(request, 'finished')).toMatchObject({
      effect: 'read',
      target,
      input,
      outcome: { result: 'succeeded', text: reading.headline },
    });
  });

  it('is what could not even be planned, and of an undo what it takes back', async () => {
    const request = await executing();
    await kit.hub.report({
      type: 'finished',
      ...report(request),
      generation: 2,
      outcome: { result: 'succeeded', text: '' },
    });
    const origin = { channel: 'C1', thread: undefined, gesture: 'button' } as const;
    const { request: back } = await kit.desk.undo({ id: request.id, user: 'UBOB', gestureKey: 'u1', origin });
    expect(await entryOf(back, 'asked')).toMatchObject({ undoOf: request.id, people: { UBOB: { name: 'bob' } } });
    const error = { kind: 'not-found', message: 'There is no Deployment nginx.' } as const;
    await kit.hub.report({ type: 'plan-failed', ...report(back), error });
    expect(await entryOf(back, 'plan-failed')).toMatchObject({ error, input: { replicas: 3 } });
  });
});
