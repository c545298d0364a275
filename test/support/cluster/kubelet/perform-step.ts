import type { Json, KubeObject } from '../types.ts';
import type { Behaviour } from './behaviour.ts';
import { failingInit, type StepKind, targetContainer } from './next-step.ts';
import * as status from './pod-status.ts';

/** A pod as it is after a write; undefined where it is gone. */
export type Written = Promise<KubeObject | undefined>;

/** What the stand-in for scheduler and kubelet needs of a cluster. Calls about a pod that is gone do nothing. */
export interface KubeletApi {
  bind(pod: KubeObject, node: string): Written;
  setStatus(pod: KubeObject, status: Json): Written;
  /** Ends a deletion that somebody asked for. */
  finish(pod: KubeObject): Written;
  recordEvent(about: KubeObject, event: { type: 'Normal' | 'Warning'; reason: string; message: string }): Promise<void>;
}

export interface StepContext {
  api: KubeletApi;
  now(): number;
  /** Names of the nodes that take pods at the moment. */
  usableNodes(): string[];
}

export const UNSCHEDULABLE = '0/3 nodes are available: 3 Insufficient cpu.';

const gone: Written = Promise.resolve(undefined);

const wantedNode = (pod: KubeObject): string | undefined =>
  pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms?.[0]
    ?.matchFields?.[0]?.values?.[0];

/** Writes what one step of a pod's life makes of it. */
export function createStepPerformer({ api, now, usableNodes }: StepContext) {
  let placed = 0;
  let addresses = 0;

  const pickNode = (pod: KubeObject): string | undefined => {
    const wanted = wantedNode(pod);
    if (wanted !== undefined) return wanted;
    const usable = usableNodes();
    placed += 1;
    return usable[placed % usable.length];
  };
  const podIP = () => {
    addresses += 1;
    return `10.244.${(addresses >> 8) % 256}.${addresses % 256}`;
  };

  const kill = (pod: KubeObject, container: string, exitCode: number, reason: string) =>
    api.setStatus(pod, status.terminatedStatus(pod, now(), { container, exitCode, reason }));

  const bind = async (pod: KubeObject) => {
    const node = pickNode(pod);
    if (node === undefined) return undefined;
    const { namespace, name } = pod.metadata;
    const message = `Successfully assigned ${namespace}/${name} to ${node}`;
    await api.recordEvent(pod, { type: 'Normal', reason: 'Scheduled', message });
    return await api.bind(pod, node);
  };

  const markUnschedulable = async (pod: KubeObject, message: string) => {
    await api.recordEvent(pod, { type: 'Warning', reason: 'FailedScheduling', message });
    return await api.setStatus(pod, status.unschedulableStatus(pod, now(), message));
  };

  const backOff = async (pod: KubeObject, container: string) => {
    const message = `Back-off restarting failed container ${container} in pod ${pod.metadata.name}`;
    await api.recordEvent(pod, { type: 'Warning', reason: 'BackOff', message });
    return await api.setStatus(pod, status.crashLoopStatus(pod, now(), container));
  };

  const failToPull = async (pod: KubeObject) => {
    const image = pod.spec.containers[0].image;
    const message = `Failed to pull image "${image}": ${status.pullError(image)}`;
    await api.recordEvent(pod, { type: 'Warning', reason: 'Failed', message });
    return await api.setStatus(pod, status.pullErrorStatus(pod, now(), false));
  };

  const failConfig = async (pod: KubeObject, message: string) => {
    await api.recordEvent(pod, { type: 'Warning', reason: 'Failed', message: `Error: ${message}` });
    return await api.setStatus(pod, status.configErrorStatus(pod, now(), message));
  };

  /** Changes nothing of the pod, so nothing follows until something else happens to it. */
  const failProbe = async (pod: KubeObject) => {
    const message = 'Readiness probe failed: HTTP probe failed with statuscode: 503';
    await api.recordEvent(pod, { type: 'Warning', reason: 'Unhealthy', message });
    return undefined;
  };

  /** `killed`: the container that an out-of-memory kill is about. */
  return (kind: StepKind, pod: KubeObject, behaviour: Behaviour, killed: string | undefined): Written => {
    const target = targetContainer(pod, behaviour);
    switch (kind) {
      case 'bind':
        return bind(pod);
      case 'mark unschedulable':
        return markUnschedulable(pod, behaviour.kind === 'unschedulable' ? behaviour.message : UNSCHEDULABLE);
      case 'create':
        return api.setStatus(pod, status.creatingStatus(pod, now(), podIP()));
      case 'run':
        return api.setStatus(pod, status.runningStatus(pod, now(), failingInit(pod, behaviour)));
      case 'ready':
        return api.setStatus(pod, status.readyStatus(pod, now()));
      case 'crash':
        return behaviour.kind === 'crash' ? kill(pod, target, behaviour.exitCode, behaviour.reason) : gone;
      case 'kill':
        return killed === undefined ? gone : kill(pod, killed, 137, 'OOMKilled');
      case 'fail probe':
        return failProbe(pod);
      case 'complete':
        return api.setStatus(pod, status.completedStatus(pod, now()));
      case 'fail config':
        return failConfig(pod, behaviour.kind === 'bad config' ? behaviour.message : '');
      case 'back off':
        return backOff(pod, target);
      case 'fail to pull':
        return failToPull(pod);
      case 'give up pulling':
        return api.setStatus(pod, status.pullErrorStatus(pod, now(), true));
      case 'finish':
        return api.finish(pod);
    }
  };
}
