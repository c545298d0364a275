/** Pure arithmetic of a rolling update: how many pods each ReplicaSet should have next. */
export interface SetSize {
  name: string;
  replicas: number;
  available: number;
}

export interface RolloutInput {
  desired: number;
  maxSurge: number;
  maxUnavailable: number;
  fresh: SetSize;
  /** Oldest first. */
  old: SetSize[];
}

const sum = (sets: SetSize[], field: 'replicas' | 'available') => sets.reduce((total, set) => total + set[field], 0);

/** `25%` or a number → pods; a surge is rounded up, unavailability down, and both are never 0 together. */
export function resolveBounds(
  desired: number,
  { maxSurge = '25%', maxUnavailable = '25%' }: { maxSurge?: string | number; maxUnavailable?: string | number } = {},
): { maxSurge: number; maxUnavailable: number } {
  const resolve = (value: string | number, round: (value: number) => number) =>
    typeof value === 'number' ? value : round((Number(value.replace('%', '')) / 100) * desired);
  const surge = resolve(maxSurge, Math.ceil);
  const unavailable = resolve(maxUnavailable, Math.floor);
  return { maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

function freshSize({ desired, maxSurge, fresh, old }: RolloutInput): number {
  if (fresh.replicas >= desired) return desired;
  const room = desired + maxSurge - fresh.replicas - sum(old, 'replicas');
  return fresh.replicas + Math.max(0, Math.min(room, desired - fresh.replicas));
}

/** Takes up to `count` pods from the old sets, oldest first; `most` says how many each can give. */
function takeFrom(old: SetSize[], count: number, most: (set: SetSize) => number): SetSize[] {
  let left = Math.max(0, count);
  return old.map((set) => {
    const taken = Math.min(left, Math.max(0, most(set)));
    left -= taken;
    return { ...set, replicas: set.replicas - taken };
  });
}

function oldSizes({ desired, maxUnavailable, fresh, old }: RolloutInput): SetSize[] {
  const least = desired - maxUnavailable;
  const total = sum(old, 'replicas') + fresh.replicas;
  const room = total - least - (fresh.replicas - fresh.available);
  if (room <= 0) return old;
  const broken = takeFrom(old, room, (set) => set.replicas - set.available);
  const available = sum(old, 'available') + fresh.available;
  return takeFrom(broken, available - least, (set) => set.replicas);
}

/** One step: the fresh set grows first; the old ones shrink once there is nothing left to grow. */
export function nextSizes(input: RolloutInput): Map<string, number> {
  const { fresh, old } = input;
  const grown = freshSize(input);
  const shrunk = grown === fresh.replicas ? oldSizes(input) : old;
  return new Map([[fresh.name, grown], ...shrunk.map((set) => [set.name, set.replicas] as const)]);
}
