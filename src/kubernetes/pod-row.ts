import { isTrue } from './project-meta.ts';
import { type RawContainerStatus, type RawPod, type RawTermination, timeOf } from './raw.ts';

/** The columns of `kubectl get pods`. */
export interface PodRow {
  status: string;
  ready: number;
  total: number;
  restarts: number;
  /** ms since the epoch of the latest restart among those counted. */
  restartedAt: number | undefined;
}

/** Where the init containers stand. `word` is set while they keep the pod from running. */
interface InitStage {
  word: string | undefined;
  readySidecars: number;
  all: Restarts;
  sidecars: Restarts;
}

interface Restarts {
  count: number;
  latest: number | undefined;
}

/**
 * Follows the API server's own printer, so that opsbot and kubectl never disagree: init containers first, in order, up
 * to the one that is not done; then the regular ones, of which the first in trouble names the pod; deletion last.
 */
export function podRow(pod: RawPod): PodRow {
  const sidecarNames = sidecarsOf(pod);
  const init = initStage(pod, sidecarNames);
  const total = (pod.spec?.containers?.length ?? 0) + sidecarNames.size;
  const stillInitializing = init.word !== undefined && !isTrue(pod.status?.conditions, 'Initialized');
  if (stillInitializing) {
    return row(pod, init.word ?? '', { ready: init.readySidecars, total, restarts: init.all });
  }
  const statuses = pod.status?.containerStatuses ?? [];
  return row(pod, mainWord(pod, init.word ?? phaseWord(pod)), {
    ready: init.readySidecars + statuses.filter(isServing).length,
    total,
    restarts: statuses.reduce(addRestarts, init.sidecars),
  });
}

function row(pod: RawPod, word: string, counts: { ready: number; total: number; restarts: Restarts }): PodRow {
  const { ready, total, restarts } = counts;
  return { status: deletionWord(pod) ?? word, ready, total, restarts: restarts.count, restartedAt: restarts.latest };
}

/** Native sidecars: init containers that keep running. */
function sidecarsOf(pod: RawPod): Set<string> {
  const sidecars = pod.spec?.initContainers?.filter(({ restartPolicy }) => restartPolicy === 'Always') ?? [];
  return new Set(sidecars.map(({ name }) => name ?? ''));
}

function phaseWord({ status }: RawPod): string {
  const gated = status?.conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated');
  return gated ? 'SchedulingGated' : status?.reason || status?.phase || 'Unknown';
}

function initStage(pod: RawPod, sidecarNames: Set<string>): InitStage {
  const stage: InitStage = {
    word: undefined,
    readySidecars: 0,
    all: { count: 0, latest: undefined },
    sidecars: { count: 0, latest: undefined },
  };
  for (const [index, container] of (pod.status?.initContainerStatuses ?? []).entries()) {
    const isSidecar = sidecarNames.has(container.name ?? '');
    stage.all = addRestarts(stage.all, container);
    if (isSidecar) stage.sidecars = addRestarts(stage.sidecars, container);
    if (container.state?.terminated?.exitCode === 0) continue;
    if (isSidecar && container.started === true) {
      if (container.ready === true) stage.readySidecars += 1;
      continue;
    }
    stage.word = initWord(container, `${index}/${pod.spec?.initContainers?.length ?? 0}`);
    break;
  }
  return stage;
}

function initWord({ state }: RawContainerStatus, progress: string): string {
  if (state?.terminated) return `Init:${terminationWord(state.terminated)}`;
  const waiting = state?.waiting?.reason;
  return `Init:${waiting && waiting !== 'PodInitializing' ? waiting : progress}`;
}

/** The first container in trouble names the pod; one that has completed beside others that run does not. */
function mainWord(pod: RawPod, fallback: string): string {
  const statuses = pod.status?.containerStatuses ?? [];
  const word = statuses.map(containerWord).find((each) => each !== undefined) ?? fallback;
  if (word !== 'Completed' || !statuses.some(isServing)) return word;
  return isTrue(pod.status?.conditions, 'Ready') ? 'Running' : 'NotReady';
}

function containerWord({ state }: RawContainerStatus): string | undefined {
  if (state?.waiting?.reason) return state.waiting.reason;
  return state?.terminated && terminationWord(state.terminated);
}

function terminationWord({ reason, signal, exitCode }: RawTermination): string {
  if (reason) return reason;
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode ?? 0}`;
}

/** Neither waiting for a reason nor ended: what kubectl counts as ready and running. */
function isServing(container: RawContainerStatus): boolean {
  return containerWord(container) === undefined && container.ready === true && container.state?.running !== undefined;
}

function deletionWord({ metadata, status }: RawPod): string | undefined {
  if (!metadata?.deletionTimestamp) return undefined;
  if (status?.reason === 'NodeLost') return 'Unknown';
  return status?.phase === 'Succeeded' || status?.phase === 'Failed' ? undefined : 'Terminating';
}

function addRestarts({ count, latest }: Restarts, container: RawContainerStatus): Restarts {
  const at = timeOf(container.lastState?.terminated?.finishedAt);
  return {
    count: count + (container.restartCount ?? 0),
    latest: at === undefined || (latest !== undefined && latest > at) ? latest : at,
  };
}
