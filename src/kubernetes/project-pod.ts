import type { ContainerStatus, Pod } from './cluster.ts';
import { podRow } from './pod-row.ts';
import { controllerOf, isTrue } from './project-meta.ts';
import { type RawContainer, type RawContainerStatus, type RawPod, type RawTermination, timeOf } from './raw.ts';

export function projectPod(raw: RawPod): Pod {
  const { metadata = {}, spec = {}, status = {} } = raw;
  const labels = metadata.labels ?? {};
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    ...podRow(raw),
    createdAt: timeOf(metadata.creationTimestamp) ?? 0,
    node: spec.nodeName || undefined,
    owner: controllerOf(metadata),
    containers: [
      ...projectContainers(spec.initContainers, status.initContainerStatuses, true),
      ...projectContainers(spec.containers, status.containerStatuses, false),
    ],
    unschedulable: unschedulableOf(raw),
    isReady: isTrue(status.conditions, 'Ready'),
    deleting: metadata.deletionTimestamp !== undefined,
    templateHash: labels['pod-template-hash'] ?? labels['controller-revision-hash'],
  };
}

/** Regular containers, then native sidecars: those with a log worth choosing. */
export function containerNames({ spec }: RawPod): string[] {
  const sidecars = spec?.initContainers?.filter(({ restartPolicy }) => restartPolicy === 'Always') ?? [];
  return [...(spec?.containers ?? []), ...sidecars].map(({ name }) => name ?? '');
}

/** The spec names them all; a status exists only once the kubelet has seen the pod. */
function projectContainers(
  specs: RawContainer[] | null | undefined,
  statuses: RawContainerStatus[] | null | undefined,
  init: boolean,
): ContainerStatus[] {
  return (specs ?? []).map(({ name = '', resources }) => {
    const status = statuses?.find((each) => each.name === name);
    const { waiting, running, terminated } = status?.state ?? {};
    return {
      name,
      init,
      ready: status?.ready === true,
      restarts: status?.restartCount ?? 0,
      state: terminated ? 'terminated' : running ? 'running' : 'waiting',
      reason: terminated?.reason || waiting?.reason || undefined,
      message: terminated?.message || waiting?.message || undefined,
      // Of a container that waits to be started again, how it ended the last time is what people ask for.
      exitCode: terminated?.exitCode ?? (waiting ? status?.lastState?.terminated?.exitCode : undefined),
      lastEnd: projectEnd(status?.lastState?.terminated),
      memoryLimit: resources?.limits?.memory,
    };
  });
}

/** How a container ended; undefined where it did not. */
export function projectEnd(ended: RawTermination | undefined): ContainerStatus['lastEnd'] {
  if (!ended) return undefined;
  const { reason, signal, exitCode = 0, finishedAt } = ended;
  return { reason: reason || (signal ? `Signal:${signal}` : 'Error'), exitCode, at: timeOf(finishedAt) };
}

function unschedulableOf({ status }: RawPod): string | undefined {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  return scheduled?.status === 'False' ? scheduled.message || scheduled.reason || 'no reason given' : undefined;
}
