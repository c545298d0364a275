import type { Json, KubeObject } from '../types.ts';
import type { Behaviour } from './behaviour.ts';
import { containersOf, pendingInits, restarts, statusOf } from './containers.ts';

/** ms that things take. */
export interface Pace {
  schedule: number;
  create: number;
  start: number;
  ready: number;
  /** From running to the crash. */
  crash: number;
  /** From ready to the end, where the pod is one that ends. */
  complete: number;
  /** The first pause of CrashLoopBackOff; it doubles with each restart, up to 64-fold. Pulling is retried every 16. */
  backOff: number;
  stop: number;
}

/** So fast that tests need not wait. */
export const TEST_PACE: Pace = {
  schedule: 1,
  create: 1,
  start: 3,
  ready: 5,
  crash: 3,
  complete: 5,
  backOff: 20,
  stop: 3,
};
/** As slow as people need it to follow. */
export const LIVELY_PACE: Pace = {
  schedule: 200,
  create: 300,
  start: 1_200,
  ready: 1_800,
  crash: 1_500,
  complete: 3_000,
  backOff: 6_000,
  stop: 1_500,
};

export type StepKind =
  | 'bind'
  | 'mark unschedulable'
  | 'create'
  | 'run'
  | 'ready'
  | 'fail probe'
  | 'complete'
  | 'crash'
  | 'kill'
  | 'back off'
  | 'fail to pull'
  | 'give up pulling'
  | 'fail config'
  | 'finish';

export interface Step {
  kind: StepKind;
  /** ms from now. */
  after: number;
}

/** The container that a crash is about: the named one, else the first. */
export const targetContainer = (pod: KubeObject, behaviour: Behaviour): string =>
  (behaviour.kind === 'crash' ? behaviour.container : undefined) ?? containersOf(pod)[0].name;

/** The init container that is due, and fails, by this behaviour. */
export function failingInit(pod: KubeObject, behaviour: Behaviour): string | undefined {
  if (behaviour.kind !== 'crash') return undefined;
  const target = targetContainer(pod, behaviour);
  const inits = pod.status?.initContainerStatuses;
  if (!pendingInits(pod, inits).some(({ name }) => name === target)) return undefined;
  return behaviour.once && statusOf(inits, target)?.restartCount > 0 ? undefined : target;
}

/** The status of the container that crashes, while there is a crash or a restart to come. */
function failing(pod: KubeObject, behaviour: Behaviour): Json {
  if (behaviour.kind !== 'crash') return undefined;
  const init = failingInit(pod, behaviour);
  if (init !== undefined) return statusOf(pod.status.initContainerStatuses, init);
  const status = statusOf(pod.status.containerStatuses, targetContainer(pod, behaviour));
  return status === undefined || (behaviour.once && status.restartCount > 0) ? undefined : status;
}

function whileUnbound(pod: KubeObject, behaviour: Behaviour, pace: Pace): Step | undefined {
  if (behaviour.kind !== 'unschedulable') return { kind: 'bind', after: pace.schedule };
  const marked = pod.status?.conditions?.some((condition: Json) => condition.reason === 'Unschedulable');
  return marked ? undefined : { kind: 'mark unschedulable', after: pace.schedule };
}

function whilePulling(reason: string | undefined, pace: Pace): Step {
  if (reason === 'ErrImagePull') return { kind: 'give up pulling', after: pace.start };
  return { kind: 'fail to pull', after: reason === 'ImagePullBackOff' ? pace.backOff * 16 : pace.start };
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

function whileStarting(pod: KubeObject, statuses: Json[], pace: Pace): Step | undefined {
  if (statuses.some(({ state }) => state.terminated && restarts(pod, state.terminated))) {
    return { kind: 'run', after: pace.create };
  }
  const waits = statuses.some(({ state }) => state.waiting) || pendingInits(pod, pod.status.initContainerStatuses)[0];
  return waits ? { kind: 'run', after: pace.start } : undefined;
}

function whileRunning(pod: KubeObject, running: Json[], behaviour: Behaviour, pace: Pace): Step | undefined {
  if (!running.every(({ ready }) => ready)) {
    const never = behaviour.kind === 'never ready' && !behaviour.spared.has(pod.metadata.uid);
    return { kind: never ? 'fail probe' : 'ready', after: pace.ready };
  }
  return pod.spec.restartPolicy === 'Always' ? undefined : { kind: 'complete', after: pace.complete };
}

/** What keeps its containers from being made. */
function whileHeldUp({ metadata, status }: KubeObject, behaviour: Behaviour, pace: Pace): Step | 'stays' | undefined {
  if (behaviour.kind !== 'no image' && behaviour.kind !== 'bad config') return undefined;
  if (behaviour.spared.has(metadata.uid)) return undefined;
  const { reason } = status.containerStatuses[0].state.waiting ?? {};
  if (behaviour.kind === 'no image') return whilePulling(reason, pace);
  return reason === 'CreateContainerConfigError' ? 'stays' : { kind: 'fail config', after: pace.start };
}

function onNode(pod: KubeObject, behaviour: Behaviour, killed: boolean, pace: Pace): Step | undefined {
  const statuses: Json[] = pod.status?.containerStatuses ?? [];
  if (statuses.length === 0) return { kind: 'create', after: pace.create };
  const held = whileHeldUp(pod, behaviour, pace);
  if (held) return held === 'stays' ? undefined : held;
  const status = failing(pod, behaviour);
  if (status && !(status.state.terminated && !restarts(pod, status.state.terminated))) {
    return whileCrashing(status, pace);
  }
  const running = statuses.filter(({ state }) => state.running);
  if (killed && running.length === statuses.length) return { kind: 'kill', after: 0 };
  return whileStarting(pod, statuses, pace) ?? whileRunning(pod, running, behaviour, pace);
}

/**
 * What happens to this pod next, seen from its status alone, so that nothing is lost when events come twice or
 * the stand-in starts anew. `killed`: an out-of-memory kill is due.
 */
export function nextStep(pod: KubeObject, behaviour: Behaviour, killed: boolean, pace: Pace): Step | undefined {
  if (pod.metadata.deletionTimestamp !== undefined) return { kind: 'finish', after: pace.stop };
  if (behaviour.kind === 'frozen' || ['Succeeded', 'Failed'].includes(pod.status?.phase)) return undefined;
  return pod.spec.nodeName ? onNode(pod, behaviour, killed, pace) : whileUnbound(pod, behaviour, pace);
}
