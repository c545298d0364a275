import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { isStale } from '../../deploy/sources.js';
import { type ClusterKit, describeCluster } from '../support/clusters.ts';
import { createRandom } from '../support/slack/random.ts';
import type { CrashPoint } from './crash-gate.ts';
import { inLanes } from './crash-lanes.ts';
import { type Interruption, type Played, playStory } from './crash-story.ts';
import { faultsOf } from './crash-verdict.ts';

/**
 * Every run would take minutes, so one in three is drawn, another third each time. `CRASH_STEPS=all` kills before every
 * step; `CRASH_STEPS='cluster patched'` before one; `CRASH_SEED` draws the same third again.
 */
const { CRASH_STEPS = 'some', CRASH_SEED = String(Date.now() % 100_000) } = process.env;
const DRAWN = 1 / 3;
/** They mostly wait for the dead process's locks to run out. */
const LANES = 8;
const MAX_MS = 15 * 60_000;
/** On a real API server: the steps around the patch, which is what could be another there. */
const AROUND_THE_PATCH = ['fence stored', 'cluster patched', 'reports: applied added', 'commit applied'];

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const random = createRandom(Number(CRASH_SEED));

function drawn(steps: readonly string[]): string[] {
  if (CRASH_STEPS === 'all') return [...steps];
  if (CRASH_STEPS !== 'some') return steps.filter((step) => step === CRASH_STEPS);
  return steps.filter(() => random.below(1_000) < 1_000 * DRAWN);
}

/** How often it was killed, how it ended, and how long people waited for that after the last start. */
function report(stories: readonly { step: string; played: Played }[]): void {
  const ends = Object.groupBy(stories, ({ played }) => played.requests[0]?.state ?? 'nothing');
  const states = Object.entries(ends).map(([state, those = []]) => `${those.length} ${state}`);
  const killed = stories.filter(({ played }) => played.crashed > 0);
  const waits = killed.map(({ step, played }) => ({ step, s: played.settledIn / 1000 })).sort((a, b) => b.s - a.s);
  const average = waits.reduce((sum, { s }) => sum + s, 0) / Math.max(1, waits.length);
  const slowest = waits.slice(0, 3).map(({ step, s }) => `${s.toFixed(1)} s (${step})`);
  console.log(`killed in ${killed.length} of ${stories.length} stories: ${states.join(', ')}`);
  console.log(`all done ${average.toFixed(1)} s after the last start on average, at most ${slowest.join(', ')}`);
}

type Plan = (step: string) => Interruption;

/** Plays the story once for each step; what went wrong, by step. */
async function playAll(kit: ClusterKit, steps: readonly string[], planOf: Plan) {
  const wrong: Record<string, string[]> = {};
  const stories: { step: string; played: Played }[] = [];
  await inLanes(LANES, steps, async (step) => {
    const played = await playStory(kit, planOf(step)).catch(String);
    if (typeof played !== 'string') stories.push({ step, played });
    const faults = typeof played === 'string' ? [played] : faultsOf(played);
    if (faults.length > 0) wrong[step] = faults;
  });
  report(stories);
  return { wrong, stories: stories.map(({ played }) => played) };
}

const before =
  (wanted: string): CrashPoint =>
  (step) =>
    step === wanted;

describeCluster('killed between any two steps and started again, opsbot', (kit) => {
  let steps: readonly string[] = [];
  const chosen = (from: readonly string[]) =>
    kit.backend === 'real' ? from.filter((step) => AROUND_THE_PATCH.includes(step)) : drawn(from);
  const afterThePatch = () => steps.slice(steps.indexOf('cluster patched') + 1);

  beforeAll(async () => {
    // Each lane has a Redis and an opsbot, which end with the test's own process.
    process.setMaxListeners(process.getMaxListeners() + 2 * LANES);
    if (isStale(ROOT)) execFileSync(process.execPath, [`${ROOT}/deploy/build.ts`]);
    const undisturbed = await playStory(kit, {});
    expect(faultsOf(undisturbed)).toEqual([]);
    steps = undisturbed.steps;
    expect(steps).toContain('cluster patched');
    console.log(`${steps.length} steps (CRASH_STEPS=${CRASH_STEPS} CRASH_SEED=${CRASH_SEED}): ${steps.join('; ')}`);
  });

  it('makes the change once and tells the whole story once', { timeout: MAX_MS }, async () => {
    const points = chosen(steps);
    const { wrong, stories } = await playAll(kit, points, (step) => ({ crashes: [before(step)] }));
    expect(wrong).toEqual({});
    // What runs side by side does not take the same steps each time.
    expect(stories.filter(({ crashed }) => crashed === 1).length).toBeGreaterThanOrEqual(0.8 * points.length);
  });

  it('does so where it is killed once more while it recovers', { timeout: MAX_MS }, async () => {
    const points = chosen(steps).filter((_, index) => CRASH_STEPS !== 'some' || index % 3 === 0);
    const { wrong } = await playAll(kit, points, (step) => {
      const later = random.below(20);
      return { crashes: [before(step), (_, n) => n === later] };
    });
    expect(wrong).toEqual({});
  });

  it.each(['scale', 'replace'] as const)(
    'does not make it again where somebody set the old value back (%s), and tells the truth',
    { timeout: MAX_MS },
    async (setsBack) => {
      const points = chosen(afterThePatch());
      const { wrong, stories } = await playAll(kit, points, (step) => ({ crashes: [before(step)], setsBack }));
      expect(wrong).toEqual({});
      expect(stories.some(({ wasSetBack }) => wasSetBack)).toBe(points.length > 0);
    },
  );
});
