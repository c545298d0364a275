import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isStale } from '../../../deploy/sources.js';
import { TEST_PACE } from '../../support/cluster/kubelet/next-step.ts';
import type { ClusterKit } from '../../support/clusters.ts';
import { createRandom } from '../../support/slack/random.ts';
import type { CrashPoint } from '../crash-gate.ts';
import { inLanes } from '../crash-lanes.ts';
import { faultsOfIncident, playIncident } from './crash-incident-story.ts';
import { QUICK_BOOKMARKS } from './incident-stage.ts';

/** As in ../crash.test.ts: the same seed draws the same steps again. */
export const { CRASH_SEED = String(Date.now() % 100_000) } = process.env;
export const random = createRandom(Number(CRASH_SEED));
/** Stories at a time: they mostly wait for what the dead process held. */
export const LANES = 8;
/** However many steps there are. */
export const MAX_MS = 30 * 60_000;

/** Of the cluster: what crashes stays down for long enough to be seen so, and is soon started again. */
export const CRASHING_CLUSTER = { ...QUICK_BOOKMARKS, pace: { ...TEST_PACE, backOff: 500 } };

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Builds the bundle where it is not that of these sources. */
export function prepareBundle(): void {
  if (isStale(ROOT)) execFileSync(process.execPath, [`${ROOT}/deploy/build.ts`]);
}

/** Plays the story once for each name; what went wrong, by name. */
export async function playAll(kit: ClusterKit, names: readonly string[], crashesOf: (name: string) => CrashPoint[]) {
  // Each lane has a Redis and an opsbot, which end with the test's own process.
  process.setMaxListeners(Math.max(process.getMaxListeners(), 10 + 2 * LANES));
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
