import type { Interner } from './interner.ts';
import { controllerOf } from './project-meta.ts';
import { type RawJob, timeOf } from './raw.ts';
import { signMessage } from './sign-message.ts';
import type { JobSummary } from './signs.ts';

export function summarizeJob({ metadata = {}, status = {} }: RawJob, intern: Interner): JobSummary {
  const createdAt = timeOf(metadata.creationTimestamp) ?? 0;
  const conditionTrue = (type: string) =>
    status.conditions?.find((each) => each.type === type && each.status === 'True');
  const failed = conditionTrue('Failed');
  const complete = conditionTrue('Complete');
  const owner = controllerOf(metadata);
  return {
    uid: metadata.uid ?? '',
    namespace: intern.text(metadata.namespace ?? ''),
    name: metadata.name ?? '',
    owner: owner && intern.owner(owner),
    labels: intern.labels(metadata.labels ?? {}),
    failed: failed && {
      at: timeOf(failed.lastTransitionTime) ?? createdAt,
      reason: failed.reason || undefined,
      message: signMessage(failed.message),
    },
    completedAt: complete && (timeOf(status.completionTime) ?? timeOf(complete.lastTransitionTime) ?? createdAt),
    createdAt,
  };
}
