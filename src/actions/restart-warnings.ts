import type { Workload } from '../kubernetes/cluster.ts';
import { plural } from './workload-words.ts';

/** What somebody who approves a restart should know, the gravest first. */
export function restartWarnings(workload: Workload): string[] {
  const { strategy, replicas, ready, updated, kind } = workload;
  const held = kind === 'StatefulSet' ? Math.min(workload.partition, replicas) : 0;
  return [
    strategy === 'OnDelete' ? 'Its update strategy is OnDelete: no pod restarts until somebody deletes it.' : undefined,
    strategy === 'Recreate'
      ? 'Its strategy is Recreate: all pods stop before the new ones start. Expect an outage.'
      : undefined,
    strategy === 'RollingUpdate' && replicas === 1 ? singlePod(workload) : undefined,
    held > 0 ? `Its partition is ${workload.partition}: ${plural(held, 'pod')} will not restart.` : undefined,
    kind === 'Deployment' && updated < replicas
      ? `A rollout is under way (${updated} of ${replicas} pods updated): the restart begins another.`
      : undefined,
    ready < replicas ? `Only ${ready} of ${replicas} pods are ready now.` : undefined,
  ].filter((warning) => warning !== undefined);
}

function singlePod(workload: Workload): string | undefined {
  if (workload.kind === 'DaemonSet') return undefined;
  return workload.kind === 'StatefulSet'
    ? 'It has a single pod, which stops before the new one starts. Expect a short outage.'
    : 'It has a single pod: unless its strategy lets the new one start first (maxSurge), expect a short outage.';
}
