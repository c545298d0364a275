import type { PodSlice, WorkloadSlice } from '../../../wire.ts';
import { counted } from '../counted.ts';

/** What a pod's square means, in a word or two: mostly Kubernetes' own. */
export function podWord({ colour, status }: PodSlice): string {
  if (status === 'Running' && colour === 'starting') return 'not ready yet';
  if (status === 'Running' && colour === 'bad') return 'lost with its node';
  if (status === 'Pending' && colour === 'bad') return 'fits on no node';
  return status;
}

/** `nginx-abc-xyz: CrashLoopBackOff, 3 restarts, on node-1` */
export function describePod(pod: PodSlice): string {
  const { name, restarts, node } = pod;
  const parts = [podWord(pod), restarts > 0 && counted(restarts, 'restart'), node !== undefined && `on ${node}`];
  return `${name}: ${parts.filter(Boolean).join(', ')}`;
}

/** `2 of 3 pods ready; 1 CrashLoopBackOff` */
export function describePods({ ready, wanted, pods, morePods }: WorkloadSlice): string {
  const odd = Map.groupBy(
    pods.filter(({ colour }) => colour !== 'good'),
    podWord,
  );
  const others = [...odd].map(([word, { length }]) => `${length} ${word}`);
  const more = morePods > 0 ? [`${morePods} not shown`] : [];
  return [`${ready} of ${counted(wanted, 'pod')} ready`, [...others, ...more].join(', ')].filter(Boolean).join('; ');
}
