import type { Condition, OwnerRef } from './cluster.ts';
import type { RawCondition, RawMeta } from './raw.ts';

/** The owner that controls the object, of all that it may have. */
export function controllerOf(meta: RawMeta): OwnerRef | undefined {
  const owner = meta.ownerReferences?.find(({ controller }) => controller === true);
  return owner && { kind: owner.kind ?? '', name: owner.name ?? '', uid: owner.uid ?? '' };
}

export function projectConditions(raw: RawCondition[] | null | undefined): Condition[] {
  return (raw ?? []).map(({ type, status, reason, message }) => ({
    type: type ?? '',
    status: status === 'True' || status === 'False' ? status : 'Unknown',
    reason: reason || undefined,
    message: message || undefined,
  }));
}

export function isTrue(conditions: RawCondition[] | null | undefined, type: string): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}
