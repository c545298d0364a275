import type { Interner } from './interner.ts';
import { projectEnd } from './project-pod.ts';
import { type RawContainerStatus, type RawPod, type RawTermination, timeOf } from './raw.ts';
import { signMessage } from './sign-message.ts';
import type { ContainerSign, PodSigns } from './signs.ts';

/** Undefined where the pod shows none, and where it is being deleted. */
export function podSigns(raw: RawPod, intern: Interner): PodSigns | undefined {
  const { metadata = {}, status = {} } = raw;
  if (metadata.deletionTimestamp) return undefined;
  const containers = containerSigns(raw, intern);
  const unschedulable = unschedulableOf(raw);
  if (containers.length === 0 && !unschedulable) return undefined;
  const over = status.phase === 'Failed' || status.phase === 'Succeeded';
  return { labels: intern.labels(metadata.labels ?? {}), containers, unschedulable, over };
}

function containerSigns({ spec = {}, status = {} }: RawPod, intern: Interner): ContainerSign[] {
  const isSidecar = (name: string) =>
    spec.initContainers?.some((each) => each.name === name && each.restartPolicy === 'Always') === true;
  const signs = (statuses: RawContainerStatus[] | null | undefined, isInit: (name: string) => boolean) =>
    (statuses ?? [])
      .filter((each) => isHeldUp(each) || wasKilled(each) || isLooping(each))
      .map((each) => signOf(each, isInit(each.name ?? ''), intern));
  return [
    ...signs(status.initContainerStatuses, (name) => !isSidecar(name)),
    ...signs(status.containerStatuses, () => false),
  ];
}

const STARTING = ['', 'ContainerCreating', 'PodInitializing'];

function isHeldUp({ state }: RawContainerStatus): boolean {
  return !STARTING.includes(state?.waiting?.reason ?? '');
}

function wasKilled({ state, lastState }: RawContainerStatus): boolean {
  return isKill(state?.terminated) || isKill(lastState?.terminated);
}

/** The kubelet forgets earlier crashes once a container has run for so long, in ms (“Container restart policy”). */
const FORGIVEN_AFTER_MS = 10 * 60_000;

/** It runs, but what it did before was a crash after another one: the kubelet still counts. */
function isLooping({ restartCount = 0, state, lastState }: RawContainerStatus): boolean {
  const last = lastState?.terminated;
  if (!state?.running || !last || last.exitCode === 0 || restartCount < 2) return false;
  const [began, ended] = [timeOf(last.startedAt), timeOf(last.finishedAt)];
  return began !== undefined && ended !== undefined && ended - began < FORGIVEN_AFTER_MS;
}

function isKill(ended: RawTermination | undefined): boolean {
  return ended?.reason === 'OOMKilled';
}

function signOf(
  { name = '', restartCount = 0, state = {}, lastState = {} }: RawContainerStatus,
  init: boolean,
  intern: Interner,
): ContainerSign {
  const { waiting, running, terminated } = state;
  const ends = [terminated, lastState.terminated];
  const ended = projectEnd(ends.find(isKill) ?? ends.find((each) => each !== undefined));
  // An init container that was killed, started again and then did its work.
  const isDone = terminated?.exitCode === 0 && !isKill(terminated);
  const since = running?.startedAt ?? (isDone ? terminated.startedAt : undefined);
  return {
    container: intern.text(name),
    init,
    state: terminated ? 'terminated' : running ? 'running' : 'waiting',
    reason: waiting?.reason ? intern.text(waiting.reason) : undefined,
    message: signMessage(waiting?.message),
    restarts: restartCount,
    runningSince: timeOf(since),
    ended: ended && { ...ended, reason: intern.text(ended.reason) },
  };
}

function unschedulableOf({ metadata = {}, status = {} }: RawPod): PodSigns['unschedulable'] {
  const scheduled = status.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined;
  const since = timeOf(scheduled.lastTransitionTime) ?? timeOf(metadata.creationTimestamp) ?? 0;
  return { since, message: signMessage(scheduled.message) ?? '' };
}
