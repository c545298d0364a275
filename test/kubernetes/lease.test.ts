import { afterEach, describe, expect, it } from 'vitest';
import { ConflictError, NotFoundError, UnavailableError } from '../../src/errors.ts';
import { createLease, type Lease, type LeaseOptions } from '../../src/kubernetes/lease.ts';
import type { LeaseRecord } from '../../src/kubernetes/lease-record.ts';
import type { Rest, RestCall } from '../../src/kubernetes/rest.ts';
import { createFakeClock } from './fake-clock.ts';

interface StoredLease {
  metadata: { name?: string; resourceVersion?: string };
  spec: LeaseRecord;
}

/** One Lease in an API server that compares resourceVersions. */
function createLeaseServer() {
  let stored: StoredLease | undefined;
  let version = 0;
  const read = () => {
    if (!stored) throw new NotFoundError('none');
    return structuredClone(stored);
  };
  const write = (call: RestCall) => {
    const body = call.body as StoredLease;
    const fits = call.verb === 'create' ? !stored : stored?.metadata.resourceVersion === body.metadata.resourceVersion;
    if (!fits) throw new ConflictError('changed');
    version += 1;
    stored = structuredClone({ ...body, metadata: { ...body.metadata, resourceVersion: String(version) } });
    return read();
  };
  return {
    get: () => stored,
    delete: () => {
      stored = undefined;
    },
    /** As it was in a backup. */
    restore: (lease: StoredLease | undefined) => {
      version += 1;
      stored = lease && { ...lease, metadata: { ...lease.metadata, resourceVersion: String(version) } };
    },
    /** What one process sees of it. `away`: it does not get through. `mute`: its writes arrive, the answers do not. */
    door() {
      const state = { away: false, mute: false };
      const json = async (call: RestCall): Promise<unknown> => {
        if (state.away) throw new UnavailableError('away');
        if (call.verb === 'get') return read();
        const written = write(call);
        if (state.mute) throw new UnavailableError('no answer');
        return written;
      };
      return { state, rest: { json } as Pick<Rest, 'json'> };
    },
  };
}

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function setUp() {
  const clock = createFakeClock();
  const server = createLeaseServer();
  const join = (identity: string, options: Partial<LeaseOptions> = {}) => {
    const door = server.door();
    const lease = createLease({ rest: door.rest, namespace: 'bots', name: 'opsbot', identity, clock, ...options });
    const changes: (number | undefined)[] = [];
    lease.onChange(() => changes.push(lease.holder()?.transitions));
    const controller = new AbortController();
    const running = lease.run(controller.signal);
    const stop = async () => {
      controller.abort();
      await running;
    };
    cleanups.push(stop);
    return { lease, door: door.state, changes, stop };
  };
  return { clock, server, join };
}

const holds = (one: { lease: Lease }) => one.lease.holder() !== undefined;

describe('the lease', () => {
  it('goes to the first, stays there, and is renewed', async () => {
    const { clock, server, join } = setUp();
    const a = join('a');
    await clock.advance(0);
    const b = join('b');
    await clock.advance(60_000);
    expect([holds(a), holds(b)]).toEqual([true, false]);
    const spec = server.get()?.spec;
    expect(spec?.holderIdentity).toMatch(/^a_/);
    expect(spec?.renewTime).toBe('2026-01-01T00:01:00.000000Z');
    expect(spec?.acquireTime).toBe('2026-01-01T00:00:00.000000Z');
    expect(spec?.leaseDurationSeconds).toBe(10);
    expect(a.changes).toHaveLength(1);
  });

  it('is given up after 6 s without renewal, and taken over after 10 s, never held twice', async () => {
    const { clock, join } = setUp();
    const a = join('a');
    await clock.advance(0);
    const b = join('b');
    await clock.advance(20_000);
    const before = a.lease.holder()?.transitions ?? Number.NaN;
    a.door.away = true;
    const history: string[] = [];
    for (let second = 1; second <= 16; second++) {
      await clock.advance(1_000);
      expect(holds(a) && holds(b)).toBe(false);
      history.push(holds(a) ? 'a' : holds(b) ? 'b' : '-');
    }
    expect(history.join('')).toMatch(/^a{3,5}-{4,8}b+$/);
    expect(b.lease.holder()?.transitions).toBe(before + 1);
    a.door.away = false;
    await clock.advance(30_000);
    expect([holds(a), holds(b)]).toEqual([false, true]);
    expect(a.changes).toEqual([before, undefined]);
  });

  it('is taken over when it runs out, not at the look after that', async () => {
    const { clock, join } = setUp();
    const a = join('a');
    await clock.advance(900);
    const b = join('b', { retryMs: 3_000 });
    await clock.advance(19_200);
    a.door.away = true;
    // b sees the renewal of 20.0 s at 21.9 s, and would look at 30.9 s and 33.9 s.
    await clock.advance(11_700);
    expect(holds(b)).toBe(false);
    await clock.advance(150);
    expect(holds(b)).toBe(true);
  });

  it('tells of the loss at the deadline, even while a renewal hangs', async () => {
    const { clock, server } = setUp();
    const door = server.door();
    const hanging = Promise.withResolvers<unknown>();
    const state = { hang: false };
    const json = (call: RestCall) => (state.hang ? hanging.promise : door.rest.json(call));
    const lease = createLease({
      rest: { json } as Pick<Rest, 'json'>,
      namespace: 'bots',
      name: 'x',
      identity: 'a',
      clock,
    });
    const controller = new AbortController();
    const running = lease.run(controller.signal);
    const told: boolean[] = [];
    lease.onChange(() => told.push(lease.holder() !== undefined));
    await clock.advance(0);
    state.hang = true;
    await clock.advance(5_900);
    expect(told).toEqual([true]);
    await clock.advance(200);
    expect(told).toEqual([true, false]);
    state.hang = false;
    hanging.reject(new UnavailableError('at last'));
    controller.abort();
    await running;
  });

  it('is not held by a process that was stopped for too long, before anything else in it gets to run', async () => {
    const { clock, join } = setUp();
    const a = join('a');
    await clock.advance(0);
    clock.stall(5_900);
    expect(holds(a)).toBe(true);
    clock.stall(100);
    expect(holds(a)).toBe(false);
  });

  it('counts from before a slow renewal, not from its answer', async () => {
    const { clock, server } = setUp();
    const door = server.door();
    const slow = { ms: 0 };
    const json = async (call: RestCall) => {
      if (call.verb === 'update') await new Promise<void>((resolve) => clock.after(slow.ms, resolve));
      return door.rest.json(call);
    };
    const lease = createLease({
      ...{ namespace: 'bots', name: 'x', identity: 'a', clock },
      rest: { json } as Pick<Rest, 'json'>,
    });
    const controller = new AbortController();
    const running = lease.run(controller.signal);
    await clock.advance(1_000);
    slow.ms = 3_000;
    // Begun at 2 s, answered at 5 s: good until 8 s. The next one is never answered.
    await clock.advance(4_500);
    slow.ms = 60_000;
    await clock.advance(2_400);
    expect(lease.holder()).toBeDefined();
    await clock.advance(200);
    expect(lease.holder()).toBeUndefined();
    slow.ms = 0;
    controller.abort();
    await clock.advance(60_000);
    await running;
  });

  it('does not trust the times that are written in it', async () => {
    const { clock, join } = setUp();
    const a = join('a');
    await clock.advance(0);
    clock.setWall(Date.parse('2031-01-01T00:00:00Z'));
    const b = join('b');
    await clock.advance(9_000);
    expect([holds(a), holds(b)]).toEqual([true, false]);
  });

  it('is released on stop, so that the next has it at its next look', async () => {
    const { clock, server, join } = setUp();
    const a = join('a');
    await clock.advance(0);
    const b = join('b');
    await clock.advance(5_000);
    await a.stop();
    expect(holds(a)).toBe(false);
    expect(server.get()?.spec.holderIdentity).toBe('');
    await clock.advance(2_500);
    expect(holds(b)).toBe(true);
  });

  it('is not released by one who does not hold it', async () => {
    const { clock, server, join } = setUp();
    join('a');
    await clock.advance(0);
    const b = join('b');
    await clock.advance(3_000);
    await b.stop();
    expect(server.get()?.spec.holderIdentity).toMatch(/^a_/);
  });

  it('goes to one of two who claim it at the same moment', async () => {
    const { clock, join } = setUp();
    const both = [join('a'), join('b')];
    await clock.advance(10_000);
    expect(both.filter(holds)).toHaveLength(1);
  });

  it('is held after all where only the answer to the claim was lost', async () => {
    const { clock, join } = setUp();
    const a = join('a');
    a.door.mute = true;
    await clock.advance(1_000);
    expect(holds(a)).toBe(false);
    a.door.mute = false;
    await clock.advance(2_000);
    expect(holds(a)).toBe(true);
  });

  it('counts on where it was deleted and made anew', async () => {
    const { clock, server, join } = setUp();
    const a = join('a');
    await clock.advance(0);
    const first = a.lease.holder()?.transitions ?? Number.NaN;
    a.door.away = true;
    const b = join('b');
    await clock.advance(120_000);
    const second = b.lease.holder()?.transitions ?? Number.NaN;
    server.delete();
    await clock.advance(3_000);
    const third = b.lease.holder()?.transitions ?? Number.NaN;
    expect(second).toBeGreaterThan(first);
    expect(third).toBeGreaterThan(second);
  });

  it('begins with what its user gives, asked only where it changes hands', async () => {
    const { clock, server, join } = setUp();
    let asked = 0;
    let latest = 40;
    const firstTransitions = async () => {
      asked += 1;
      return latest + 1;
    };
    const a = join('a', { firstTransitions });
    await clock.advance(30_000);
    expect([a.lease.holder()?.transitions, asked]).toEqual([41, 1]);
    await a.stop();
    const b = join('b', { firstTransitions });
    await clock.advance(12_000);
    expect([b.lease.holder()?.transitions, asked]).toEqual([42, 2]);
    latest = 42;
    server.delete();
    await clock.advance(3_000);
    expect([b.lease.holder()?.transitions, asked]).toEqual([43, 3]);
    expect(server.get()?.spec.leaseTransitions).toBe(43);
    expect(b.changes).toEqual([42, 43]);
  });

  it('does not go back where a backup of the cluster is restored, whoever the Lease then names', async () => {
    const { clock, server, join } = setUp();
    let latest = 0;
    const firstTransitions = async () => latest + 1;
    const told = async (one: { lease: Lease }) => {
      await clock.advance(15_000);
      const transitions = one.lease.holder()?.transitions ?? 0;
      // What is told with a lower number is refused.
      expect(transitions).toBeGreaterThanOrEqual(latest);
      latest = transitions;
      return transitions;
    };
    const a = join('a', { firstTransitions });
    expect(await told(a)).toBe(1);
    const ofA = server.get();
    a.door.away = true;
    const b = join('b', { firstTransitions });
    expect(await told(b)).toBe(2);
    b.door.away = true;
    const c = join('c', { firstTransitions });
    expect(await told(c)).toBe(3);

    server.restore(ofA);
    // It names one that is gone: the next one to take over comes after all.
    expect(await told(c)).toBe(4);
    server.restore(ofA);
    c.door.away = true;
    a.door.away = false;
    // It names one that held it long ago, and is back.
    expect(await told(a)).toBe(5);
  });

  it('goes on as before where its holder lost it for a while and nobody took over', async () => {
    const { clock, join } = setUp();
    const firstTransitions = async () => 7;
    const a = join('a', { firstTransitions });
    await clock.advance(0);
    a.door.away = true;
    await clock.advance(60_000);
    expect(holds(a)).toBe(false);
    a.door.away = false;
    await clock.advance(3_000);
    expect(a.changes).toEqual([7, undefined, 7]);
  });

  it('is not made while nobody can say with what it is to begin', async () => {
    const { clock, server, join } = setUp();
    const store = { away: true };
    const firstTransitions = async () => {
      if (store.away) throw new UnavailableError('away');
      return 7;
    };
    const a = join('a', { firstTransitions });
    await clock.advance(10_000);
    expect([holds(a), server.get()]).toEqual([false, undefined]);
    store.away = false;
    await clock.advance(3_000);
    expect(a.lease.holder()?.transitions).toBe(7);
  });

  it('does not pass for its own where a process of the same name held it', async () => {
    const { clock, join } = setUp();
    const old = join('pod-0');
    await clock.advance(0);
    old.door.away = true;
    const fresh = join('pod-0');
    await clock.advance(5_000);
    expect(holds(fresh)).toBe(false);
    await clock.advance(10_000);
    expect(holds(fresh)).toBe(true);
  });
});
