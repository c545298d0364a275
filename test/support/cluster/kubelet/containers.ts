import type { Json, KubeObject } from '../types.ts';

export const containersOf = (pod: KubeObject): Json[] => pod.spec.containers;
export const initContainersOf = (pod: KubeObject): Json[] => pod.spec.initContainers ?? [];
const isSidecar = (container: Json) => container.restartPolicy === 'Always';

export const statusOf = (statuses: Json[] | undefined, name: string): Json =>
  statuses?.find((status) => status.name === name);

/** An init container that has done its part; a sidecar has as soon as it runs. */
const isDone = (container: Json, status: Json): boolean =>
  isSidecar(container) ? status?.state.running !== undefined : status?.state.terminated?.exitCode === 0;

/** Init containers that the others still wait for, in order. */
export const pendingInits = (pod: KubeObject, statuses: Json[] | undefined): Json[] =>
  initContainersOf(pod).filter((container) => !isDone(container, statusOf(statuses, container.name)));

/** Whether the pod's restart policy starts a container again that ended like this. */
export function restarts(pod: KubeObject, terminated: Json): boolean {
  const policy = pod.spec.restartPolicy ?? 'Always';
  return policy === 'Always' || (policy === 'OnFailure' && terminated.exitCode !== 0);
}

/** The state of an init container that has done its part. */
export const doneState = (
  container: Json,
  run: { startedAt: string; finishedAt: string; containerID: string },
): Json =>
  isSidecar(container)
    ? { running: { startedAt: run.startedAt } }
    : { terminated: { exitCode: 0, reason: 'Completed', ...run } };
