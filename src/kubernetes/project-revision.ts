import type { Revision } from './cluster.ts';
import { type RawWorkload, timeOf } from './raw.ts';

/** Annotation of Deployments and their ReplicaSets: counted up with each rollout. */
export const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision';

export function projectRevision({ metadata = {}, spec = {} }: RawWorkload): Revision {
  return {
    revision: Number(metadata.annotations?.[REVISION_ANNOTATION] ?? 0),
    createdAt: timeOf(metadata.creationTimestamp) ?? 0,
    containers: (spec.template?.spec?.containers ?? []).map(({ name = '', image = '' }) => ({ name, image })),
  };
}
