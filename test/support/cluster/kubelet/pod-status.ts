import { timestamp } from '../scheduler.ts';
import type { Json, KubeObject } from '../types.ts';
import { containersOf, doneState, initContainersOf, pendingInits, restarts, statusOf } from './containers.ts';
import { phaseOf } from './pod-phase.ts';

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

const newContainerId = (pod: KubeObject, name: string, restartCount: number) =>
  `containerd://${pod.metadata.uid.replaceAll('-', '')}${Buffer.from(`${name}${restartCount}`).toString('hex')}`;

function readiness(phase: string, unready: string[]): Omit<Condition, 'type'> {
  if (unready.length === 0) return { status: 'True' };
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  const message = `containers with unready status: [${unready.join(' ')}]`;
  return { status: 'False', reason: 'ContainersNotReady', message };
}

function initialization(pending: string[]): Omit<Condition, 'type'> {
  if (pending.length === 0) return { status: 'True' };
  const message = `containers with incomplete status: [${pending.join(' ')}]`;
  return { status: 'False', reason: 'ContainersNotInitialized', message };
}

const namesOf = (items: Json[]): string[] => items.map(({ name }) => name);

/** Changes containers' statuses and what follows from them: phase and conditions. */
function withStatuses(
  pod: KubeObject,
  now: number,
  { statuses = pod.status.containerStatuses, inits = pod.status.initContainerStatuses ?? [] }: Partial<Statuses>,
): Json {
  const phase = phaseOf(pod, statuses, inits);
  const ready = readiness(phase, namesOf(statuses.filter((status: Json) => !status.ready)));
  return {
    ...pod.status,
    phase,
    containerStatuses: statuses,
    ...(inits.length > 0 ? { initContainerStatuses: inits } : {}),
    conditions: withConditions(pod, now, [
      { type: 'Initialized', ...initialization(namesOf(pendingInits(pod, inits))) },
      { type: 'Ready', ...ready },
      { type: 'ContainersReady', ...ready },
      { type: 'PodScheduled', status: 'True' },
    ]),
  };
}

interface Statuses {
  statuses: Json[];
  inits: Json[];
}

const mapStatuses = (pod: KubeObject, change: (status: Json) => Json): Pick<Statuses, 'statuses'> => ({
  statuses: pod.status.containerStatuses.map(change),
});

/** Changes the status of one container, an init container perhaps. */
function withStatus(pod: KubeObject, now: number, name: string, change: (status: Json) => Json): Json {
  const changed = (statuses: Json[]) => statuses.map((status) => (status.name === name ? change(status) : status));
  const { containerStatuses, initContainerStatuses = [] } = pod.status;
  return withStatuses(pod, now, { statuses: changed(containerStatuses), inits: changed(initContainerStatuses) });
}

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
  return { ...withStatuses(pod, now, { statuses, inits }), startTime: timestamp(now), podIP };
}

/** As it runs (again): one that ran before counts as restarted. */
function started(pod: KubeObject, now: number, status: Json, image: string): Json {
  const ended = status.state.terminated ?? status.lastState?.terminated;
  const restartCount = status.restartCount + (ended ? 1 : 0);
  return {
    ...status,
    image,
    imageID: `sha256:${pod.metadata.uid.replaceAll('-', '')}`,
    ready: false,
    started: true,
    restartCount,
    containerID: newContainerId(pod, status.name, restartCount),
    state: { running: { startedAt: timestamp(now) } },
    lastState: ended ? { terminated: ended } : {},
  };
}

function doneInit(pod: KubeObject, now: number, container: Json, status: Json): Json {
  const { state, ...run } = status.state.running ? status : started(pod, now, status, container.image);
  const times = { startedAt: state.running.startedAt, finishedAt: timestamp(now) };
  return { ...run, ready: true, state: doneState(container, { ...times, containerID: run.containerID }) };
}

function startedInits(pod: KubeObject, now: number, failing: string | undefined): Json[] {
  const before = pod.status.initContainerStatuses ?? [];
  const pending = namesOf(pendingInits(pod, before));
  const last = failing === undefined ? pending.length : pending.indexOf(failing);
  return initContainersOf(pod).map((container) => {
    const status = statusOf(before, container.name);
    const turn = pending.indexOf(container.name);
    if (turn === -1 || turn > last) return status;
    return turn === last ? started(pod, now, status, container.image) : doneInit(pod, now, container, status);
  });
}

/**
 * Starts each container that is to run and does not, after the init containers have done their part. Where one of
 * these fails, it is started, and the others wait.
 */
export function runningStatus(pod: KubeObject, now: number, failing?: string): Json {
  const inits = startedInits(pod, now, failing);
  if (failing !== undefined) return withStatuses(pod, now, { inits });
  const { statuses } = mapStatuses(pod, (status) => {
    const { running, terminated } = status.state;
    if (running || (terminated && !restarts(pod, terminated))) return status;
    const container = containersOf(pod).find(({ name }) => name === status.name);
    return started(pod, now, status, container?.image ?? status.image);
  });
  return withStatuses(pod, now, { statuses, inits });
}

export const readyStatus = (pod: KubeObject, now: number): Json =>
  withStatuses(
    pod,
    now,
    mapStatuses(pod, (status) => ({ ...status, ready: status.state.running !== undefined })),
  );

const ended = (status: Json, now: number, exitCode: number, reason: string): Json => {
  const { startedAt } = status.state.running ?? {};
  const terminated = { exitCode, reason, startedAt, finishedAt: timestamp(now), containerID: status.containerID };
  return { ...status, ready: false, started: false, state: { terminated } };
};

/** The container ended; `reason` is Error, OOMKilled, … */
export const terminatedStatus = (
  pod: KubeObject,
  now: number,
  end: { container: string; exitCode: number; reason: string },
): Json => withStatus(pod, now, end.container, (status) => ended(status, now, end.exitCode, end.reason));

/** Everything that ran has done its work. */
export const completedStatus = (pod: KubeObject, now: number): Json =>
  withStatuses(
    pod,
    now,
    mapStatuses(pod, (status) => (status.state.running ? ended(status, now, 0, 'Completed') : status)),
  );

/** Seconds that the kubelet waits before the next start: 10, 20, 40, … 300. */
const backOffSeconds = (restarts: number): number => Math.min(300, 10 * 2 ** Math.max(0, restarts - 1));

export const crashLoopStatus = (pod: KubeObject, now: number, container: string): Json =>
  withStatus(pod, now, container, (status) => {
    const pause = backOffSeconds(status.restartCount);
    const wait = pause >= 300 ? '5m0s' : pause >= 60 ? `${Math.floor(pause / 60)}m${pause % 60}s` : `${pause}s`;
    const message = `back-off ${wait} restarting failed container=${status.name} pod=${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
    return {
      ...status,
      state: { waiting: { reason: 'CrashLoopBackOff', message } },
      lastState: { terminated: status.state.terminated },
    };
  });

/** The whole name of an image, as containerd has it: what names no registry is of Docker Hub. */
function wholeName(image: string): string {
  const [host = '', ...path] = image.split('/');
  if (path.length === 0) return `docker.io/library/${image}`;
  return /[.:]|^localhost$/.test(host) ? image : `docker.io/${image}`;
}

export function pullError(image: string): string {
  const name = wholeName(image);
  return `rpc error: code = NotFound desc = failed to pull and unpack image "${name}": failed to resolve reference "${name}": ${name}: not found`;
}

const waitingStatus = (pod: KubeObject, now: number, waitingFor: (status: Json) => Json): Json =>
  withStatuses(
    pod,
    now,
    mapStatuses(pod, (status) => ({ ...status, ready: false, state: { waiting: waitingFor(status) } })),
  );

export const pullErrorStatus = (pod: KubeObject, now: number, backOff: boolean): Json =>
  waitingStatus(pod, now, ({ image }) =>
    backOff
      ? { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}"` }
      : { reason: 'ErrImagePull', message: pullError(image) },
  );

export const configErrorStatus = (pod: KubeObject, now: number, message: string): Json =>
  waitingStatus(pod, now, () => ({ reason: 'CreateContainerConfigError', message }));

/** As the node controller marks the pods of a node that is gone, and takes it back when it returns. */
export function nodeReadyStatus(pod: KubeObject, now: number, ready: boolean): Json {
  const state = ready ? { status: 'True' } : { status: 'False', reason: 'NodeNotReady' };
  return { ...pod.status, conditions: withConditions(pod, now, [{ type: 'Ready', ...state }]) };
}
