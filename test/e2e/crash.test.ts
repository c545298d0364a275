import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { describeCluster } from '../support/clusters.ts';
import { type Interruption, type Played, playStory } from './crash-story.ts';
import { faultsOf } from './crash-verdict.ts';

const LANES = 4;

async function inLanes<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const lane = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

describeCluster('a process that is killed', (kit) => {
  beforeAll(() => {
    execFileSync(process.execPath, [fileURLToPath(new URL('../../deploy/build.ts', import.meta.url))]);
  });
  it('dry', async () => {
    const undisturbed = await playStory(kit, {});
    expect(faultsOf(undisturbed)).toEqual([]);
    const faults: Record<string, unknown> = {};
    const only = process.env.CB;
    await inLanes(
      undisturbed.steps.filter((s) => !only || s === only),
      async (crashBefore) => {
        const t = performance.now();
        const sb = process.env.SB ? { setsBack: process.env.SB as 'scale' } : {};
        const played = await playStory(kit, { crashBefore, ...sb }).catch((e) => ({ error: e }));
        const found = 'error' in played ? [String(played.error)] : faultsOf(played);
        console.log(
          `${((performance.now() - t) / 1000).toFixed(1)} s`,
          crashBefore,
          'error' in played ? '' : played.crashed,
          'error' in played ? '' : played.requests.map((r) => r.state + ' ' + r.outcome?.text).join(),
          found.join('; '),
        );
        if (found.length) faults[crashBefore] = found;
      },
    );
    expect(faults).toEqual({});
  }, 900_000);
});
