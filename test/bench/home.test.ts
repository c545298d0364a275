import { describe, expect, it } from 'vitest';
import { actions } from '../../src/actions/index.ts';
import { overviewOf } from '../../src/kubernetes/overview.ts';
import { homeView } from '../../views/home.ts';
import { largeSnapshot, NOW } from '../kubernetes/snapshot-of.ts';

const LIMIT_MS = 50;
const RUNS = 100;
const PODS = 10_000;

/** ms of one render, from the snapshot to the blocks. */
function timeOnce(snapshot: ReturnType<typeof largeSnapshot>): number {
  const startedAt = performance.now();
  const view = homeView({
    cluster: snapshot.cluster,
    overview: overviewOf(snapshot, { now: NOW }),
    filter: undefined,
    actions,
    headline: ({ id }) => id,
    waiting: [],
    mine: [],
    activity: [],
    now: NOW,
    incidents: 'off',
  });
  const took = performance.now() - startedAt;
  expect(JSON.stringify(view)).toContain('Pods: 10,000');
  return took;
}

describe(`Home of ${PODS} pods`, () => {
  it.each([
    { name: 'all well', brokenEvery: PODS + 1 },
    { name: 'every tenth crashing', brokenEvery: 10 },
    { name: 'all crashing', brokenEvery: 1 },
  ])(`is rendered within ${LIMIT_MS} ms (p95): $name`, ({ name, brokenEvery }) => {
    const snapshot = largeSnapshot({ pods: PODS, brokenEvery });
    const times = Array.from({ length: RUNS }, () => timeOnce(snapshot)).sort((a, b) => a - b);
    const p95 = times[Math.ceil(RUNS * 0.95) - 1] ?? Number.NaN;
    console.log(`home: ${name}: median ${times[RUNS / 2]?.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`);
    expect(p95).toBeLessThanOrEqual(LIMIT_MS);
  });
});
