import type { Played } from './run.ts';
import { sortOf } from './schedule.ts';

/** What the runs were made of, how they ended, and how long the slowest took to be right again. */
export function summarize(runs: readonly Played[]): string {
  const states = counted(runs.flatMap(({ evidence }) => evidence?.requests.map(({ state }) => state) ?? []));
  const faults = counted(runs.flatMap(({ schedule }) => schedule.map(({ fault }) => sortOf(fault))));
  const deeds = runs.flatMap(({ evidence }) => evidence?.deeds ?? []);
  const unacked = deeds.filter(({ acked }) => !acked).length;
  const slowest = runs.toSorted((a, b) => b.recoveredIn - a.recoveredIn).slice(0, 3);
  const average = runs.reduce((sum, { recoveredIn }) => sum + recoveredIn, 0) / Math.max(1, runs.length);
  return [
    `${runs.length} runs; requests: ${states}`,
    `${deeds.length} gestures, of which ${unacked} were not acked`,
    `faults: ${faults}`,
    `right again after ${seconds(average)} on average, at most ${slowest.map(({ seed, recoveredIn }) => `${seconds(recoveredIn)} (${seed})`).join(', ')}`,
  ].join('\n');
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

function counted(names: readonly string[]): string {
  const groups = Object.entries(Object.groupBy(names, (name) => name));
  const counts = groups.map(([name, all = []]) => ({ name, count: all.length })).sort((a, b) => b.count - a.count);
  return counts.map(({ name, count }) => `${count} ${name}`).join(', ');
}
