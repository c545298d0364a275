import type { Interner } from './interner.ts';
import { type RawCondition, type RawNode, timeOf } from './raw.ts';
import { signMessage } from './sign-message.ts';
import type { NodeCondition, NodeSigns } from './signs.ts';

/** Undefined where all is well, or where no kubelet has told anything yet. */
export function nodeSigns({ metadata = {}, status = {} }: RawNode, intern: Interner): NodeSigns | undefined {
  const createdAt = timeOf(metadata.creationTimestamp) ?? 0;
  const conditions = (status.conditions ?? []).flatMap((raw) => conditionOf(raw, createdAt) ?? []);
  return conditions.length === 0 ? undefined : { labels: intern.labels(metadata.labels ?? {}), conditions };
}

const TYPES: readonly NodeCondition['type'][] = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

function conditionOf(raw: RawCondition, createdAt: number): NodeCondition | undefined {
  const type = TYPES.find((each) => each === raw.type);
  const status = raw.status === 'True' || raw.status === 'False' ? raw.status : 'Unknown';
  const isBad = type === 'Ready' ? status !== 'True' : status === 'True';
  if (type === undefined || !isBad) return undefined;
  return {
    type,
    status,
    reason: raw.reason || undefined,
    message: signMessage(raw.message),
    since: timeOf(raw.lastTransitionTime) ?? createdAt,
  };
}
