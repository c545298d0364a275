import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextSizes, type RolloutInput, resolveBounds } from '../../support/cluster/controllers/rollout-sizes.ts';

describe('bounds of a rolling update', () => {
  it.each([
    [10, { maxSurge: '25%', maxUnavailable: '25%' }, { maxSurge: 3, maxUnavailable: 2 }],
    [1, {}, { maxSurge: 1, maxUnavailable: 0 }],
    [4, { maxSurge: 0, maxUnavailable: 0 }, { maxSurge: 0, maxUnavailable: 1 }],
    [3, { maxSurge: 2, maxUnavailable: '10%' }, { maxSurge: 2, maxUnavailable: 0 }],
  ])('of %i pods with %o', (desired, strategy, bounds) => {
    expect(resolveBounds(desired, strategy)).toEqual(bounds);
  });
});

/** What the sets are once every pod that was asked for is there and available. */
function settle(input: RolloutInput): RolloutInput {
  const sizes = nextSizes(input);
  const set = ({ name, replicas }: { name: string; replicas: number }) => {
    const size = sizes.get(name) ?? replicas;
    return { name, replicas: size, available: size };
  };
  return { ...input, fresh: set(input.fresh), old: input.old.map(set) };
}

const total = ({ fresh, old }: RolloutInput) => old.reduce((sum, set) => sum + set.replicas, fresh.replicas);

it('reaches the desired size from anywhere, within its bounds all the way', () => {
  const strategy = fc.record({
    maxSurge: fc.integer({ min: 0, max: 4 }),
    maxUnavailable: fc.integer({ min: 0, max: 4 }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), strategy, (desired, given) => {
      const bounds = resolveBounds(desired, given);
      let state: RolloutInput = {
        desired,
        ...bounds,
        fresh: { name: 'fresh', replicas: 0, available: 0 },
        old: [{ name: 'old', replicas: desired, available: desired }],
      };
      for (let step = 0; step < 100 && (state.fresh.replicas !== desired || total(state) !== desired); step += 1) {
        state = settle(state);
        expect(total(state)).toBeLessThanOrEqual(desired + bounds.maxSurge);
        expect(total(state)).toBeGreaterThanOrEqual(desired - bounds.maxUnavailable);
      }
      expect([state.fresh.replicas, total(state)]).toEqual([desired, desired]);
    }),
  );
});

it('takes no more than the bounds allow while the new pods do not become available', () => {
  const stuck = { name: 'fresh', replicas: 3, available: 0 };
  const sizes = nextSizes({
    ...{ desired: 10, maxSurge: 3, maxUnavailable: 2, fresh: stuck },
    old: [{ name: 'old', replicas: 10, available: 10 }],
  });
  expect(Object.fromEntries(sizes)).toEqual({ fresh: 3, old: 8 });
});
