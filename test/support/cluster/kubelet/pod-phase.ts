import type { Json, KubeObject } from '../types.ts';
import { pendingInits } from './containers.ts';

const hasFailed = (status: Json) => (status.state.terminated?.exitCode ?? 0) !== 0;

/** A pod's phase, from the statuses of its containers, as the kubelet's getPhase has it. */
export function phaseOf(pod: KubeObject, statuses: Json[], inits: Json[]): string {
  const policy = pod.spec.restartPolicy ?? 'Always';
  if (pendingInits(pod, inits).length > 0) return policy === 'Never' && inits.some(hasFailed) ? 'Failed' : 'Pending';
  if (statuses.some(({ state, lastState }) => state.waiting && !lastState?.terminated)) return 'Pending';
  if (policy === 'Always' || statuses.some(({ state }) => !state.terminated)) return 'Running';
  if (!statuses.some(hasFailed)) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}
