import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { isStale } from '../../deploy/sources.js';
import { inLanes } from '../e2e/crash-lanes.ts';
import { type ClusterKit, describeRealCluster } from '../support/clusters.ts';
import { type Played, playSeed, runInWords } from './run.ts';
import { summarize } from './summary.ts';

/**
 * `FAULT_SEED` plays one run again; `FAULT_SEEDS` plays so many, `FAULT_LANES` at once, beginning with the clock's.
 * `FAULT_CLUSTER=real` plays on a real API server, which fails only by its lines.
 */
const { FAULT_SEED, FAULT_SEEDS = '10', FAULT_LANES = '5', FAULT_CLUSTER } = process.env;
const LANES = Number(FAULT_LANES);
const FIRST = Date.now() % 1_000_000;
const seeds =
  FAULT_SEED === undefined ? Array.from({ length: Number(FAULT_SEEDS) }, (_, at) => FIRST + at) : [Number(FAULT_SEED)];
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const KEPT = `${ROOT}/dist/faults`;

/** What a run that went wrong leaves behind to be looked at. */
async function keep({ seed, evidence, log }: Played): Promise<void> {
  await mkdir(KEPT, { recursive: true });
  await writeFile(`${KEPT}/${seed}.json`, JSON.stringify(evidence ?? null, undefined, 1));
  await writeFile(`${KEPT}/${seed}.log`, log.join('\n'));
}

/** ms that a run takes at most, with its start. */
const RUN_MS = 180_000;

const NAME = 'while everything that can fails, in its turn and at random';

/** `given`: a cluster for all runs; each has one of its own where there is none. */
function suite(given?: ClusterKit): void {
  beforeAll(() => {
    // Each lane has servers and processes that end with the test's own process.
    process.setMaxListeners(process.getMaxListeners() + 10 * LANES);
    if (isStale(ROOT)) execFileSync(process.execPath, [`${ROOT}/deploy/build.ts`]);
  });

  it(
    'nothing is lost, nothing is done twice, and no surface lies',
    async () => {
      const wrong: Record<number, string[]> = {};
      const runs: Played[] = [];
      await inLanes(LANES, seeds, async (seed) => {
        const played = await playSeed(seed, given);
        runs.push(played);
        if (played.faults.length === 0) return;
        wrong[seed] = played.faults;
        await keep(played);
        console.log(`FAULT_SEED=${seed} plays this again:\n${runInWords(played)}\n${played.faults.join('\n')}`);
      });
      console.log(summarize(runs));
      expect(wrong).toEqual({});
    },
    RUN_MS * Math.ceil(seeds.length / LANES),
  );
}

if (FAULT_CLUSTER === 'real') describeRealCluster(NAME, suite);
else describe(NAME, () => suite());
