import { describe, expect, it } from 'vitest';
import { OrderLapsedError, UnknownOutcomeError } from '../../jobs/apply.ts';
import type { Journal } from '../../jobs/journal.ts';
import { ConflictError, NotAllowedError } from '../../src/errors.ts';
import type { Cluster, WorkloadRef } from '../../src/kubernetes/cluster.ts';
import { plan, T0 } from '../requests/sample.ts';
import { agent, MARKER, memoryJournal, oneWorkload } from './apply-kit.ts';

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
      ...journal,
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
});
