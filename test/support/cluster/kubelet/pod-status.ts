import { timestamp } from '../scheduler.ts';
import type { Json, KubeObject } from '../types.ts';

/** Pure steps of a pod's status: what the kubelet would report after each. All take the pod as it is. */

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

/** Replaces conditions by type; the transition time moves only where the status does. */
function withConditions(pod: KubeObject, now: number, conditions: Condition[]): Json[] {
  const existing: Json[] = pod.status?.conditions ?? [];
  const renewed = conditions.map((condition) => {
    const before = existing.find((other) => other.type === condition.type);
    const unchanged = before?.status === condition.status;
    return {
      ...condition,
      lastProbeTime: null,
      lastTransitionTime: unchanged ? before.lastTransitionTime : timestamp(now),
    };
  });
  return [...existing.filter((other) => !renewed.some(({ type }) => type === other.type)), ...renewed];
}

const containersOf = (pod: KubeObject): Json[] => pod.spec.containers;
const initContainersOf = (pod: KubeObject): Json[] => pod.spec.initContainers ?? [];
const isSidecar = (container: Json) => container.restartPolicy === 'Always';

const newContainerId = (pod: KubeObject, name: string, restarts: number) =>
  `containerd://${pod.metadata.uid.replaceAll('-', '')}${Buffer.from(`${name}${restarts}`).toString('hex')}`;

function readiness(pod: KubeObject, now: number, statuses: Json[]): Json[] {
  const unready = statuses.filter((status) => !status.ready).map((status) => status.name);
  const state =
    unready.length === 0
      ? { status: 'True' }
      : {
          status: 'False',
          reason: 'ContainersNotReady',
          message: `containers with unready status: [${unready.join(' ')}]`,
        };
  return withConditions(pod, now, [
    { type: 'Initialized', status: 'True' },
    { type: 'Ready', ...state },
    { type: 'ContainersReady', ...state },
    { type: 'PodScheduled', status: 'True' },
  ]);
}

/** Changes containers' statuses and what follows from them. */
function withStatuses(pod: KubeObject, now: number, statuses: Json[], phase = 'Running'): Json {
  return { ...pod.status, phase, containerStatuses: statuses, conditions: readiness(pod, now, statuses) };
}

const mapStatuses = (pod: KubeObject, change: (status: Json) => Json): Json[] =>
  pod.status.containerStatuses.map(change);

export function unschedulableStatus(pod: KubeObject, now: number, message: string): Json {
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
  return { ...pod.status, phase: 'Pending', conditions: withConditions(pod, now, [condition]) };
}

export function creatingStatus(pod: KubeObject, now: number, podIP: string): Json {
  const reason = initContainersOf(pod).length > 0 ? 'PodInitializing' : 'ContainerCreating';
  const waiting = ({ name, image }: Json, why: string) => ({
    name,
    image,
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    state: { waiting: { reason: why } },
    lastState: {},
  });
  const statuses = containersOf(pod).map((container) => waiting(container, reason));
  const inits = initContainersOf(pod).map((container) => waiting(container, 'PodInitializing'));
  return {
    ...withStatuses(pod, now, statuses, 'Pending'),
    startTime: timestamp(now),
    podIP,
    ...(inits.length > 0 ? { initContainerStatuses: inits } : {}),
  };
}

function doneInit(pod: KubeObject, container: Json, now: number): Json {
  const containerID = newContainerId(pod, container.name, 0);
  const at = timestamp(now);
  const state = isSidecar(container)
    ? { running: { startedAt: at } }
    : { terminated: { exitCode: 0, reason: 'Completed', startedAt: at, finishedAt: at, containerID } };
  return {
    name: container.name,
    image: container.image,
    ready: true,
    restartCount: 0,
    state,
    lastState: {},
    containerID,
  };
}

/** Starts each container that does not run; one that ran before counts as restarted. */
export function runningStatus(pod: KubeObject, now: number): Json {
  const statuses = mapStatuses(pod, (status) => {
    if (status.state.running) return status;
    const ended = status.state.terminated ?? status.lastState?.terminated;
    const restartCount = status.restartCount + (ended ? 1 : 0);
    return {
      ...status,
      image: containersOf(pod).find((container) => container.name === status.name)?.image ?? status.image,
      imageID: `sha256:${pod.metadata.uid.replaceAll('-', '')}`,
      ready: false,
      started: true,
      restartCount,
      containerID: newContainerId(pod, status.name, restartCount),
      state: { running: { startedAt: timestamp(now) } },
      lastState: ended ? { terminated: ended } : {},
    };
  });
  const inits = initContainersOf(pod).map((container) => doneInit(pod, container, now));
  return { ...withStatuses(pod, now, statuses), ...(inits.length > 0 ? { initContainerStatuses: inits } : {}) };
}

export const readyStatus = (pod: KubeObject, now: number): Json =>
  withStatuses(
    pod,
    now,
    mapStatuses(pod, (status) => ({ ...status, ready: status.state.running !== undefined })),
  );

/** The container ended; `reason` is Error, OOMKilled, … */
export function terminatedStatus(
  pod: KubeObject,
  now: number,
  end: { container: string; exitCode: number; reason: string },
): Json {
  const statuses = mapStatuses(pod, (status) => {
    if (status.name !== end.container) return status;
    const { startedAt } = status.state.running ?? {};
    const { containerID } = status;
    const terminated = {
      exitCode: end.exitCode,
      reason: end.reason,
      startedAt,
      finishedAt: timestamp(now),
      containerID,
    };
    return { ...status, ready: false, started: false, state: { terminated } };
  });
  return withStatuses(pod, now, statuses);
}

/** Seconds that the kubelet waits before the next start: 10, 20, 40, … 300. */
const backOffSeconds = (restarts: number): number => Math.min(300, 10 * 2 ** Math.max(0, restarts - 1));

export function crashLoopStatus(pod: KubeObject, now: number): Json {
  const statuses = mapStatuses(pod, (status) => {
    if (!status.state.terminated) return status;
    const pause = backOffSeconds(status.restartCount);
    const wait = pause >= 300 ? '5m0s' : pause >= 60 ? `${Math.floor(pause / 60)}m${pause % 60}s` : `${pause}s`;
    const message = `back-off ${wait} restarting failed container=${status.name} pod=${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
    return {
      ...status,
      state: { waiting: { reason: 'CrashLoopBackOff', message } },
      lastState: { terminated: status.state.terminated },
    };
  });
  return withStatuses(pod, now, statuses);
}

export const pullError = (image: string): string =>
  `rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/${image}": failed to resolve reference "docker.io/${image}": docker.io/${image}: not found`;

export function pullErrorStatus(pod: KubeObject, now: number, backOff: boolean): Json {
  const statuses = mapStatuses(pod, (status) => {
    const waiting = backOff
      ? { reason: 'ImagePullBackOff', message: `Back-off pulling image "${status.image}"` }
      : { reason: 'ErrImagePull', message: pullError(status.image) };
    return { ...status, ready: false, state: { waiting } };
  });
  return withStatuses(pod, now, statuses, 'Pending');
}

/** As the node controller marks the pods of a node that is gone, and takes it back when it returns. */
export function nodeReadyStatus(pod: KubeObject, now: number, ready: boolean): Json {
  const state = ready ? { status: 'True' } : { status: 'False', reason: 'NodeNotReady' };
  return { ...pod.status, conditions: withConditions(pod, now, [{ type: 'Ready', ...state }]) };
}
