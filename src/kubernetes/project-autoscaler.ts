import type { RawAutoscaler } from './raw.ts';
import type { AutoscalerSummary } from './snapshot-reader.ts';

export function projectAutoscaler({ metadata = {}, spec = {} }: RawAutoscaler): AutoscalerSummary & { uid: string } {
  return {
    uid: metadata.uid ?? '',
    name: metadata.name ?? '',
    namespace: metadata.namespace ?? '',
    targetKind: spec.scaleTargetRef?.kind ?? '',
    targetName: spec.scaleTargetRef?.name ?? '',
    min: spec.minReplicas ?? 1,
    max: spec.maxReplicas ?? 0,
  };
}
