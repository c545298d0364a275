import { beforeAll, expect, it } from 'vitest';
import { describeLocalCluster } from '../../support/clusters.ts';
import { CRASH_SEED, CRASHING_CLUSTER, LANES, MAX_MS, playAll, prepareBundle, random } from './crash-incident-runs.ts';
import { faultsOfIncident, playIncident } from './crash-incident-story.ts';

/** As in ../crash.test.ts; as a story takes its time, one lane's worth is drawn. */
const { CRASH_STEPS = 'some' } = process.env;
const DRAWN = LANES;

function drawn(steps: readonly string[]): string[] {
  if (CRASH_STEPS === 'all') return [...steps];
  if (CRASH_STEPS !== 'some') return steps.filter((step) => step === CRASH_STEPS);
  const left = [...steps];
  return Array.from({ length: Math.min(DRAWN, left.length) }, () => left.splice(random.below(left.length), 1)).flat();
}

describeLocalCluster(
  'killed between any two steps and started again, opsbot tells an incident',
  (kit) => {
    let steps: readonly string[] = [];
    beforeAll(async () => {
      prepareBundle();
      const undisturbed = await playIncident(kit, {});
      expect(faultsOfIncident(undisturbed)).toEqual([]);
      steps = undisturbed.steps;
      console.log(`${steps.length} steps (CRASH_STEPS=${CRASH_STEPS} CRASH_SEED=${CRASH_SEED}): ${steps.join('; ')}`);
    }, 120_000);

    it('once, from the crash to green and from the relapse to green', { timeout: MAX_MS }, async () => {
      const points = drawn(steps);
      const { wrong, killed } = await playAll(kit, points, (wanted) => [(step) => step === wanted]);
      expect(wrong).toEqual({});
      // What runs side by side does not take the same steps each time.
      expect(killed).toBeGreaterThanOrEqual(0.7 * points.length);
    });
  },
  CRASHING_CLUSTER,
);
