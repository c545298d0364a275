import type { WorkloadSummary } from '../kubernetes/snapshot-reader.ts';
import { type DetectOptions, isTold } from './detect-time.ts';
import type { Finding } from './finding.ts';

/** How a Deployment's newest rollout went. The count is 0: it is about the Deployment itself. */
export function detectRollout({ kind, namespace, name, rollout }: WorkloadSummary, options: DetectOptions): Finding[] {
  if (!rollout) return [];
  const { stuck, completedAt, revision, labels } = rollout;
  const about = {
    owner: { kind, namespace, name },
    count: 0,
    pods: [],
    labels: { ...labels },
    ...(revision !== undefined && { revision }),
  };
  if (stuck) {
    const { since, message } = stuck;
    return [{ ...about, kind: 'rollout-stuck', since, at: since, ...(message !== undefined && { detail: message }) }];
  }
  if (completedAt === undefined || !isTold(completedAt, options)) return [];
  // On its very first start opsbot would else announce every Deployment that was rolled out lately.
  if (completedAt < options.firstWatched) return [];
  return [{ ...about, kind: 'rollout-complete', since: completedAt, at: completedAt, calmSince: completedAt }];
}
