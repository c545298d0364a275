import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createApply, OrderLapsedError, UnknownOutcomeError } from '../../jobs/apply.ts';
import type { Fence } from '../../jobs/fence.ts';
import type { Journal } from '../../jobs/journal.ts';
import { ConflictError, NotAllowedError, NotFoundError, UnavailableError } from '../../src/errors.ts';
import type { Cluster, Workload, WorkloadRef } from '../../src/kubernetes/cluster.ts';
import { plan, T0 } from '../requests/sample.ts';

const MARKER = 'k7m2qd.1';

/** One Deployment with the API server's rules of versions, and faults that a test schedules. */
function oneWorkload() {
  let version = 10;
  const state = { exists: true, uid: 'uid-1', replicas: 3, generation: 1, marker: undefined as string | undefined };
  const applied: string[] = [];
  const bump = () => String(++version);
  const read = (): Workload =>
    ({ ...state, resourceVersion: String(version), paused: false, kind: 'Deployment' }) as unknown as Workload;
  /** Faults, taken one by one: one for a read, one for a patch. */
  const faults: ('none' | 'refuse' | 'lose-answer' | 'touch-status')[] = [];
  const cluster = {
    async getWorkload() {
      await Promise.resolve();
      if (!state.exists) throw new NotFoundError('gone');
      return read();
    },
    async patchWorkload(_ref, _patch, { resourceVersion, marker }) {
      await Promise.resolve();
      const fault = faults.shift() ?? 'none';
      if (fault === 'refuse') throw new UnavailableError('refused');
      if (fault === 'touch-status') bump();
      if (resourceVersion !== String(version)) throw new ConflictError('moved');
      Object.assign(state, { replicas: 5, generation: state.generation + 1, marker });
      bump();
      applied.push(marker);
      if (fault === 'lose-answer') throw new UnavailableError('no answer');
      return read();
    },
  } as Pick<Cluster, 'getWorkload' | 'patchWorkload'> as Cluster;
  return {
    cluster,
    applied,
    faults,
    state,
    /** Somebody else sets a value by hand; their apply may drop the marker. */
    setByHand(replicas: number, keepMarker: boolean) {
      Object.assign(state, {
        replicas,
        generation: state.generation + 1,
        marker: keepMarker ? state.marker : undefined,
      });
      bump();
    },
    touchStatus: bump,
  };
}

/** The journal's contract in memory; the one on Redis is driven by the end-to-end tests. */
function memoryJournal(): Journal {
  let stored: Fence | undefined;
  return {
    fence: async () => stored,
    moveFence: async (previous, next) => {
      await Promise.resolve();
      if (JSON.stringify(previous) !== JSON.stringify(stored)) return false;
      stored = next;
      return true;
    },
  };
}

function agent(
  world: ReturnType<typeof oneWorkload>,
  journal: Journal,
  changes: Partial<Parameters<typeof createApply>[0]> = {},
) {
  return createApply({
    cluster: world.cluster,
    journal,
    marker: MARKER,
    validUntil: T0 + 60_000,
    now: () => T0,
    signal: new AbortController().signal,
    requireRights: async () => {},
    wait: async () => undefined,
    ...changes,
  });
}

describe('apply', () => {
  it('applies once, and again says that it did', async () => {
    const world = oneWorkload();
    const journal = memoryJournal();
    expect(await agent(world, journal)(plan)).toEqual({ generation: 2 });
    expect(await agent(world, journal)(plan)).toEqual({ generation: 2 });
    expect(world.applied).toEqual([MARKER]);
  });

  it('begins nothing without the rights for it, and sees to its end what was begun with them', async () => {
    const world = oneWorkload();
    const journal = memoryJournal();
    const refused = { requireRights: () => Promise.reject(new NotAllowedError('opsbot may not patch deployments.')) };
    await expect(agent(world, journal, refused)(plan)).rejects.toThrow(NotAllowedError);
    expect([world.applied, await journal.fence()]).toEqual([[], undefined]);
    world.faults.push('lose-answer');
    const crashed = agent(world, journal, { wait: () => Promise.reject(new Error('crashed')) })(plan);
    await expect(crashed).rejects.toThrow('crashed');
    expect(await agent(world, journal, refused)(plan)).toEqual({ generation: 2 });
    expect(world.applied).toHaveLength(1);
  });

  it('does not apply again when somebody has set the old value back', async () => {
    const world = oneWorkload();
    const journal = memoryJournal();
    world.faults.push('lose-answer');
    await agent(world, journal)(plan);
    world.setByHand(3, true);
    // The generation is that of the change, not of what came later: following it has to see that it was replaced.
    expect(await agent(world, journal)(plan)).toEqual({ generation: 2 });
    expect(world.applied).toHaveLength(1);
    expect(world.state).toMatchObject({ replicas: 3, generation: 3 });
  });

  it('says unknown, not done, where the value was set back and the marker is gone', async () => {
    const world = oneWorkload();
    const journal = memoryJournal();
    await agent(world, journal)(plan);
    world.setByHand(3, false);
    await expect(agent(world, journal)(plan)).rejects.toThrow(UnknownOutcomeError);
    expect(world.applied).toHaveLength(1);
  });

  it('goes on through status updates and refused calls', async () => {
    const world = oneWorkload();
    world.faults.push('touch-status', 'refuse', 'touch-status');
    expect(await agent(world, memoryJournal())(plan)).toEqual({ generation: 2 });
    expect(world.applied).toHaveLength(1);
  });

  it('goes on when the journal is away for a while after the patch was sent', async () => {
    const world = oneWorkload();
    world.faults.push('lose-answer');
    const journal = memoryJournal();
    let isAway = false;
    const shaky: Journal = {
      async fence() {
        if (isAway && world.applied.length > 0) {
          isAway = false;
          throw new Error('Connection is closed.');
        }
        return journal.fence();
      },
      async moveFence(previous, next) {
        isAway = true;
        return journal.moveFence(previous, next);
      },
    };
    expect(await agent(world, shaky)(plan)).toEqual({ generation: 2 });
    expect(world.applied).toHaveLength(1);
  });

  it('does not say that nothing was done where it may not look any more', async () => {
    const world = oneWorkload();
    const journal = memoryJournal();
    world.faults.push('lose-answer');
    const blind = {
      ...world,
      cluster: {
        ...world.cluster,
        async getWorkload(ref: WorkloadRef) {
          if (world.applied.length > 0) throw new NotAllowedError('opsbot may not get deployments.');
          return world.cluster.getWorkload(ref);
        },
      } as Cluster,
    };
    await expect(agent(blind, journal)(plan)).rejects.toThrow(UnknownOutcomeError);
    const before = {
      ...blind,
      cluster: {
        ...blind.cluster,
        getWorkload: async () => {
          throw new NotAllowedError('opsbot may not get deployments.');
        },
      } as Cluster,
    };
    await expect(agent(before, memoryJournal())(plan)).rejects.toThrow(NotAllowedError);
  });

  it('does not hammer a cluster that cannot take the change, and says what hindered it', async () => {
    const world = oneWorkload();
    world.faults.push('refuse', 'refuse', 'refuse');
    let pauses = 0;
    const wait = async () => {
      pauses += 1;
    };
    const now = () => (world.faults.length > 0 ? T0 : T0 + 200_000);
    await expect(agent(world, memoryJournal(), { wait, now })(plan)).rejects.toThrow('refused');
    expect(pauses).toBe(3);
    expect(world.applied).toEqual([]);
  });

  it('applies nothing where the cluster has drifted', async () => {
    const drifted = oneWorkload();
    drifted.setByHand(4, true);
    await expect(agent(drifted, memoryJournal())(plan)).rejects.toThrow(
      'replicas was 3 when this was planned and is 4 now',
    );
    const recreated = oneWorkload();
    recreated.state.uid = 'uid-2';
    await expect(agent(recreated, memoryJournal())(plan)).rejects.toThrow(ConflictError);
    const gone = oneWorkload();
    gone.state.exists = false;
    await expect(agent(gone, memoryJournal())(plan)).rejects.toThrow(ConflictError);
    expect([...drifted.applied, ...recreated.applied]).toEqual([]);
  });

  it('begins nothing after the order has run out, but still finds out what was done', async () => {
    const late = { now: () => T0 + 200_000 };
    const world = oneWorkload();
    const journal = memoryJournal();
    await expect(agent(world, journal, late)(plan)).rejects.toThrow(OrderLapsedError);
    await agent(world, journal)(plan);
    expect(await agent(world, journal, late)(plan)).toEqual({ generation: 2 });
    expect(world.applied).toHaveLength(1);
  });

  it('never applies twice, whatever fails, whoever runs beside it, whatever others do', async () => {
    const fault = fc.constantFrom('none', 'refuse', 'lose-answer', 'touch-status');
    const meddling = fc.constantFrom('nothing', 'status', 'back', 'back without marker');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { maxLength: 4 }),
        fc.array(meddling, { maxLength: 4 }),
        fc.scheduler(),
        async (faults, meddlings, s) => {
          const world = oneWorkload();
          world.faults.push(...faults);
          const scheduled = {
            ...world,
            cluster: {
              ...world.cluster,
              getWorkload: s.scheduleFunction(world.cluster.getWorkload),
              patchWorkload: s.scheduleFunction(world.cluster.patchWorkload),
            } as Cluster,
          };
          const plain = memoryJournal();
          const journal: Journal = {
            fence: s.scheduleFunction(plain.fence),
            moveFence: s.scheduleFunction(plain.moveFence),
          };
          for (const what of meddlings) {
            void s.schedule(Promise.resolve(what)).then((m) => {
              if (m === 'status') world.touchStatus();
              if (m === 'back') world.setByHand(3, true);
              if (m === 'back without marker') world.setByHand(3, false);
            });
          }
          const runs = [1, 2, 3].map(() =>
            agent(
              scheduled,
              journal,
            )(plan).then(
              () => 'applied' as const,
              (error: Error) => error,
            ),
          );
          const results = await s.waitFor(Promise.all(runs));
          expect(world.applied.length).toBeLessThanOrEqual(1);
          for (const result of results) {
            if (result === 'applied') expect(world.applied).toHaveLength(1);
            else if (result instanceof ConflictError) expect(world.applied).toHaveLength(0);
            else expect(result).toBeInstanceOf(UnknownOutcomeError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
