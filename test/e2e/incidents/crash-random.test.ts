import { beforeAll, expect, it } from 'vitest';
import { describeLocalCluster } from '../../support/clusters.ts';
import { CRASH_SEED, CRASHING_CLUSTER, MAX_MS, playAll, prepareBundle, random } from './crash-incident-runs.ts';

const STORIES = 6;
/** Steps of a story that nothing disturbs, and of coming back; about. */
const [WHOLE_STORY, COMING_BACK] = [150, 40];

describeLocalCluster(
  'killed twice at random steps, opsbot tells an incident',
  (kit) => {
    beforeAll(prepareBundle);

    it('once, from the crash to green and from the relapse to green', { timeout: MAX_MS }, async () => {
      const points = Array.from({ length: STORIES }, () => [random.below(WHOLE_STORY), random.below(COMING_BACK)]);
      console.log(`CRASH_SEED=${CRASH_SEED}: ${points.join(' ')}`);
      const pointsOf = new Map(points.map((both) => [both.join(), both]));
      const { wrong, killed } = await playAll(kit, [...pointsOf.keys()], (name) =>
        (pointsOf.get(name) ?? []).map((wanted) => (_, n) => n === wanted),
      );
      expect(wrong).toEqual({});
      expect(killed).toBeGreaterThanOrEqual(STORIES);
    });
  },
  CRASHING_CLUSTER,
);
