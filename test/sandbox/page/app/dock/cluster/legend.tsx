import type { PodColour, WorkloadSlice } from '../../../wire.ts';
import { PodMark } from './pod-squares.tsx';

const MEANINGS: [PodColour, string][] = [
  ['good', 'ready'],
  ['starting', 'starting'],
  ['bad', 'in trouble'],
  ['ending', 'ending'],
  ['done', 'done'],
];

/** What the squares mean. Pods of workloads are hardly ever done. */
export function Legend({ workloads }: { workloads: readonly WorkloadSlice[] }) {
  const isAnyDone = workloads.some(({ pods }) => pods.some(({ colour }) => colour === 'done'));
  const meanings = MEANINGS.filter(([colour]) => colour !== 'done' || isAnyDone);
  return (
    <ul className="legend" aria-label="What the squares mean">
      {meanings.map(([colour, meaning]) => (
        <li key={colour} className="legend-entry">
          <PodMark colour={colour} />
          {meaning}
        </li>
      ))}
    </ul>
  );
}
