import type { Interner } from './interner.ts';
import { REVISION_ANNOTATION } from './project-revision.ts';
import { type RawCondition, type RawWorkload, timeOf } from './raw.ts';
import { signMessage } from './sign-message.ts';
import type { RolloutSigns } from './signs.ts';

/** Of a Deployment. Undefined while a rollout goes on as it should, and where none was ever completed. */
export function rolloutSigns(raw: RawWorkload, intern: Interner): RolloutSigns | undefined {
  const { metadata = {}, status = {} } = raw;
  const progress = status.conditions?.find(({ type }) => type === 'Progressing');
  if (!progress) return undefined;
  const at =
    timeOf(progress.lastUpdateTime) ?? timeOf(progress.lastTransitionTime) ?? timeOf(metadata.creationTimestamp) ?? 0;
  const stuck = isStuck(progress) ? { since: at, message: signMessage(progress.message) } : undefined;
  const isSeen = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  const completedAt = isSeen && isComplete(progress) ? at : undefined;
  if (!stuck && completedAt === undefined) return undefined;
  return {
    labels: intern.labels(metadata.labels ?? {}),
    revision: metadata.annotations?.[REVISION_ANNOTATION],
    stuck,
    completedAt,
  };
}

function isStuck({ status, reason }: RawCondition): boolean {
  return status === 'False' && reason === 'ProgressDeadlineExceeded';
}

function isComplete({ status, reason }: RawCondition): boolean {
  return status === 'True' && reason === 'NewReplicaSetAvailable';
}
