import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isStale } from '../../deploy/sources.js';
import { type ClusterKit, describeCluster } from '../support/clusters.ts';
import { createRandom } from '../support/slack/random.ts';
import { type Interruption, type Played, playStory } from './crash-story.ts';
import { faultsOf } from './crash-verdict.ts';

/**
 * Every run would take minutes, so one in three is drawn, another third each time. `CRASH_STEPS=all` kills before every
 * step; `CRASH_STEPS='cluster patched'` before one; `CRASH_SEED` draws the same third again.
 */
const { CRASH_STEPS = 'some', CRASH_SEED = String(Date.now() % 100_000) } = process.env;
const DRAWN = 1 / 3;
/** They mostly wait for the dead process's locks to run out. */
const LANES = 6;
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

async function inLanes<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const lane = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** How often it was killed, how it ended, and how long people waited for that after the start. */
function report(stories: readonly Played[]): void {
  const ends = Object.groupBy(stories, ({ requests }) => requests[0]?.state ?? 'nothing');
  const states = Object.entries(ends).map(([state, those = []]) => `${those.length} ${state}`);
  const killed = stories.filter(({ crashed }) => crashed);
  const seconds = killed.map(({ recoveredIn = 0 }) => recoveredIn / 1000);
  const average = seconds.reduce((sum, s) => sum + s, 0) / Math.max(1, seconds.length);
  const slowest = `at most ${Math.max(0, ...seconds).toFixed(1)} s`;
  console.log(`killed ${killed.length} of ${stories.length} times: ${states.join(', ')}`);
  console.log(`all done ${average.toFixed(1)} s after the new start on average, ${slowest}`);
}

/** Plays the story once for each step; what went wrong, by step. */
async function killBefore(kit: ClusterKit, steps: readonly string[], setsBack?: Interruption['setsBack']) {
  const wrong: Record<string, string[]> = {};
  const stories: Played[] = [];
  await inLanes(steps, async (crashBefore) => {
    const story = await playStory(kit, { crashBefore, ...(setsBack && { setsBack }) }).catch(String);
    if (typeof story !== 'string') stories.push(story);
    const faults = typeof story === 'string' ? [story] : faultsOf(story);
    if (faults.length > 0) wrong[crashBefore] = faults;
  });
  report(stories);
  return { wrong, stories };
}

describeCluster('killed between any two steps and started again, opsbot', (kit) => {
  let steps: readonly string[] = [];
  const chosen = (from: readonly string[]) =>
    kit.backend === 'real' ? from.filter((s) => AROUND_THE_PATCH.includes(s)) : drawn(from);
  /** Where the change may be in the cluster already, or is about to be. */
  const fromThePatchOn = () => steps.slice(steps.indexOf('cluster patched'));

  beforeAll(async () => {
    // Each lane has a Redis and an opsbot, which end with the test's own process.
    process.setMaxListeners(process.getMaxListeners() + 2 * LANES);
    if (isStale(ROOT)) execFileSync(process.execPath, [`${ROOT}/deploy/build.ts`]);
    const undisturbed = await playStory(kit, {});
    expect(faultsOf(undisturbed)).toEqual([]);
    steps = undisturbed.steps;
    console.log(`${steps.length} steps (CRASH_STEPS=${CRASH_STEPS} CRASH_SEED=${CRASH_SEED}):\n${steps.join('\n')}`);
  });
  afterAll(() => {
    expect(steps).toContain('cluster patched');
  });

  it(
    'makes the change once and tells the whole story once',
    async () => {
      const { wrong, stories } = await killBefore(kit, chosen(steps));
      expect(wrong).toEqual({});
      expect(stories.filter(({ crashed }) => crashed).length).toBeGreaterThan(0);
    },
    MAX_MS,
  );

  it(
    'does not make it again where somebody set the old value back, and says so',
    async () => {
      const { wrong, stories } = await killBefore(kit, chosen(fromThePatchOn()), 'scale');
      expect(wrong).toEqual({});
      expect(stories.filter(({ wasSetBack }) => wasSetBack).length).toBeGreaterThan(0);
    },
    MAX_MS,
  );

  it(
    'leaves it to people where the object was replaced and its mark is gone',
    async () => {
      const { wrong, stories } = await killBefore(kit, chosen(fromThePatchOn()), 'replace');
      expect(wrong).toEqual({});
      expect(stories.filter(({ wasSetBack }) => wasSetBack).length).toBeGreaterThan(0);
    },
    MAX_MS,
  );
});
