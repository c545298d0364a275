import type { Json, KubeObject } from '../types.ts';
import type { Behaviour } from './behaviour.ts';

/** ms that things take. */
export interface Pace {
  schedule: number;
  create: number;
  start: number;
  ready: number;
  /** From running to the crash. */
  crash: number;
  /** The first pause of CrashLoopBackOff; it doubles with each restart, up to 64-fold. */
  backOff: number;
  stop: number;
}

/** So fast that tests need not wait. */
export const TEST_PACE: Pace = { schedule: 1, create: 1, start: 3, ready: 5, crash: 3, backOff: 20, stop: 3 };
/** As slow as people need it to follow. */
export const LIVELY_PACE: Pace = {
  schedule: 200,
  create: 300,
  start: 1_200,
  ready: 1_800,
  crash: 1_500,
  backOff: 6_000,
  stop: 1_500,
};

export type StepKind =
  | 'bind'
  | 'mark unschedulable'
  | 'create'
  | 'run'
  | 'ready'
  | 'crash'
  | 'kill'
  | 'back off'
  | 'fail to pull'
  | 'give up pulling'
  | 'finish';

export interface Step {
  kind: StepKind;
  /** ms from now. */
  after: number;
}

export const targetContainer = (pod: KubeObject, behaviour: Behaviour): string =>
  (behaviour.kind === 'crash' ? behaviour.container : undefined) ?? pod.spec.containers[0].name;

function whileUnbound(pod: KubeObject, behaviour: Behaviour, pace: Pace): Step | undefined {
  if (behaviour.kind !== 'unschedulable') return { kind: 'bind', after: pace.schedule };
  const marked = pod.status?.conditions?.some((condition: Json) => condition.reason === 'Unschedulable');
  return marked ? undefined : { kind: 'mark unschedulable', after: pace.schedule };
}

function whilePulling(reason: string | undefined, pace: Pace): Step | undefined {
  if (reason === 'ErrImagePull') return { kind: 'give up pulling', after: pace.start };
  return reason === 'ImagePullBackOff' ? undefined : { kind: 'fail to pull', after: pace.start };
}

function whileCrashing(status: Json, pace: Pace): Step {
  const { waiting, terminated } = status.state;
  if (terminated)
    return status.restartCount === 0 ? { kind: 'run', after: pace.create } : { kind: 'back off', after: 0 };
  if (waiting?.reason === 'CrashLoopBackOff') {
    return { kind: 'run', after: pace.backOff * 2 ** Math.min(6, Math.max(0, status.restartCount - 1)) };
  }
  return waiting ? { kind: 'run', after: pace.start } : { kind: 'crash', after: pace.crash };
}

function whileHealthy(statuses: Json[], killed: boolean, pace: Pace): Step | undefined {
  if (killed && statuses.every((status) => status.state.running)) return { kind: 'kill', after: 0 };
  if (statuses.some((status) => status.state.terminated)) return { kind: 'run', after: pace.create };
  if (statuses.some((status) => status.state.waiting)) return { kind: 'run', after: pace.start };
  return statuses.every((status) => status.ready) ? undefined : { kind: 'ready', after: pace.ready };
}

/**
 * What happens to this pod next, seen from its status alone, so that nothing is lost when events come twice or
 * the stand-in starts anew. `killed`: an out-of-memory kill is due.
 */
export function nextStep(pod: KubeObject, behaviour: Behaviour, killed: boolean, pace: Pace): Step | undefined {
  if (pod.metadata.deletionTimestamp !== undefined) return { kind: 'finish', after: pace.stop };
  if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') return undefined;
  if (!pod.spec.nodeName) return whileUnbound(pod, behaviour, pace);
  const statuses: Json[] = pod.status?.containerStatuses ?? [];
  if (statuses.length === 0) return { kind: 'create', after: pace.create };
  if (behaviour.kind === 'no image' && !behaviour.spared.has(pod.metadata.uid)) {
    return whilePulling(statuses[0].state.waiting?.reason, pace);
  }
  const target = targetContainer(pod, behaviour);
  const status = statuses.find(({ name }) => name === target);
  if (behaviour.kind === 'crash' && status) return whileCrashing(status, pace);
  return whileHealthy(statuses, killed, pace);
}
