import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { isStale } from '../../../deploy/sources.js';
import { TEST_PACE } from '../../support/cluster/kubelet/next-step.ts';
import { type ClusterKit, describeLocalCluster } from '../../support/clusters.ts';
import { createRandom } from '../../support/slack/random.ts';
import type { CrashPoint } from '../crash-gate.ts';
import { inLanes } from '../crash-lanes.ts';
import { faultsOfIncident, playIncident } from './crash-incident-story.ts';
import { QUICK_BOOKMARKS } from './incident-stage.ts';

/** As in ../crash.test.ts; of the steps, so many are drawn. */
const { CRASH_STEPS = 'some', CRASH_SEED = String(Date.now() % 100_000) } = process.env;
const LANES = 8;
const DRAWN = LANES;
const MAX_MS = 30 * 60_000;

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const random = createRandom(Number(CRASH_SEED));

function drawn(steps: readonly string[]): string[] {
  if (CRASH_STEPS === 'all') return [...steps];
  if (CRASH_STEPS !== 'some') return steps.filter((step) => step === CRASH_STEPS);
  const left = [...steps];
  return Array.from({ length: Math.min(DRAWN, left.length) }, () => left.splice(random.below(left.length), 1)).flat();
}

/** Plays the story once for each name; what went wrong, by name. */
async function playAll(kit: ClusterKit, names: readonly string[], crashesOf: (name: string) => CrashPoint[]) {
  const wrong: Record<string, string[]> = {};
  const waits: { name: string; s: number }[] = [];
  let killed = 0;
  await inLanes(LANES, names, async (name) => {
    const played = await playIncident(kit, { crashes: crashesOf(name) }).catch(String);
    const faults = typeof played === 'string' ? [played] : faultsOfIncident(played);
    if (faults.length > 0) wrong[name] = faults;
    if (typeof played === 'string') return;
    killed += played.crashed;
    waits.push({ name, s: Math.round(played.settledIn / 1000) });
  });
  const slowest = waits.sort((a, b) => b.s - a.s).slice(0, 3);
  console.log(`killed ${killed} times in ${names.length} stories; slowest ${JSON.stringify(slowest)}`);
  return { wrong, killed };
}

describeLocalCluster(
  'killed between any two steps and started again, opsbot tells an incident',
  (kit) => {
    let steps: readonly string[] = [];
    beforeAll(async () => {
      process.setMaxListeners(process.getMaxListeners() + 2 * LANES);
      if (isStale(ROOT)) execFileSync(process.execPath, [`${ROOT}/deploy/build.ts`]);
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

    it('once, killed twice at random steps of whatever it does', { timeout: MAX_MS }, async () => {
      const lives = Array.from({ length: LANES }, () => [random.below(steps.length), random.below(40)] as const);
      const pointsOf = new Map(lives.map((points) => [points.join(), points]));
      const { wrong } = await playAll(kit, [...pointsOf.keys()], (name) =>
        (pointsOf.get(name) ?? []).map((wanted) => (_, n) => n === wanted),
      );
      expect(wrong).toEqual({});
    });
  },
  { ...QUICK_BOOKMARKS, pace: { ...TEST_PACE, backOff: 500 } },
);
