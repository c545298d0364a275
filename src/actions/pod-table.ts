import type { Pod } from '../kubernetes/cluster.ts';
import { humanDuration } from './human-duration.ts';

const HEADER = ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE', 'NODE'];

/** The columns of `kubectl get pods -o wide` that matter; what is not well comes first, then by name. */
export function podTable(pods: readonly Pod[], now: number): string {
  const rows = [...pods].sort(worstFirst).map((pod) => cells(pod, now));
  const table = [HEADER, ...rows];
  const widths = HEADER.map((_, column) =>
    table.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), 0),
  );
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('   ')
        .trimEnd(),
    )
    .join('\n');
}

/** A finished pod is not ready and yet well. */
export function isWell(pod: Pod): boolean {
  return pod.isReady || pod.status === 'Completed' || pod.status === 'Succeeded';
}

function worstFirst(a: Pod, b: Pod): number {
  return Number(isWell(a)) - Number(isWell(b)) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

function cells(pod: Pod, now: number): string[] {
  const ago = pod.restarts > 0 && pod.restartedAt !== undefined ? ` (${humanDuration(now - pod.restartedAt)} ago)` : '';
  return [
    pod.name,
    `${pod.ready}/${pod.total}`,
    pod.status,
    `${pod.restarts}${ago}`,
    humanDuration(now - pod.createdAt),
    pod.node ?? '<none>',
  ];
}
