import type { ContainerStatus, Pod, Workload } from '../kubernetes/cluster.ts';
import { readPullError } from './pull-error.ts';

/** What keeps a pod from being ready: the cluster's word, and a sentence. */
export interface Trouble {
  reason: string;
  text: string;
  pod: Pod;
  /** The text names an image only: the pod's events may have the registry's answer. */
  lacksAnswer?: boolean;
}

const PULL = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull', 'RegistryUnavailable'];
const LONGEST_MESSAGE = 300;

/** Pods that the workload itself controls: selectors of other workloads may overlap with its own. */
export function podsOf(workload: Workload, pods: readonly Pod[]): Pod[] {
  return pods.filter((pod) => {
    if (pod.owner === undefined) return false;
    if (workload.kind !== 'Deployment') return pod.owner.uid === workload.uid;
    return pod.owner.kind === 'ReplicaSet' && pod.owner.name.startsWith(`${workload.name}-`);
  });
}

/** The gravest trouble among the pods of the newest template, which is what a rollout waits for. */
export function worstTrouble(pods: readonly Pod[]): Trouble | undefined {
  const alive = pods.filter((pod) => !pod.deleting);
  const newest = alive.reduce<Pod | undefined>((a, b) => (a === undefined || isNewer(b, a) ? b : a), undefined);
  const rolled = alive.filter((pod) => pod.templateHash === newest?.templateHash && !pod.isReady);
  const troubles = rolled.map((pod) => ({ pod, ...podTrouble(pod) }));
  return troubles.sort((a, b) => a.rank - b.rank || b.pod.createdAt - a.pod.createdAt)[0];
}

/** Pods are stamped in whole seconds: of those made in the same one, the rollout waits for the one that is not ready. */
function isNewer(pod: Pod, than: Pod): boolean {
  return pod.createdAt === than.createdAt ? than.isReady && !pod.isReady : pod.createdAt > than.createdAt;
}

/** Lower ranks are nearer to the cause. */
export function podTrouble(pod: Pod): Omit<Trouble, 'pod'> & { rank: number } {
  const ranked = pod.containers.map((container) => containerTrouble(pod, container)).filter((one) => one !== undefined);
  const worst = ranked.sort((a, b) => a.rank - b.rank)[0];
  if (worst !== undefined) return worst;
  if (pod.unschedulable !== undefined) {
    return { rank: 3, reason: 'Unschedulable', text: `Pod ${pod.name} finds no node: ${shorten(pod.unschedulable)}` };
  }
  if (pod.status === 'Running') {
    return {
      rank: 5,
      reason: 'NotReady',
      text: `Pod ${pod.name} runs but is not ready (${pod.ready} of ${pod.total} containers are).`,
    };
  }
  return { rank: 4, reason: pod.status, text: `Pod ${pod.name} is ${pod.status}.` };
}

function containerTrouble(pod: Pod, container: ContainerStatus) {
  const { name, reason, exitCode } = container;
  const where = `container ${name} of pod ${pod.name}`;
  const why = container.message === undefined ? '' : `: ${shorten(container.message)}`;
  const exit = exitCode === undefined ? '' : `, exit code ${exitCode}`;
  if (container.state === 'waiting' && reason !== undefined) {
    if (PULL.includes(reason)) return { rank: 0, reason, ...pullTrouble(container, where, reason) };
    if (reason === 'CrashLoopBackOff')
      return { rank: 2, reason, text: `The ${where} keeps crashing (${reason}${exit}).` };
    if (reason !== 'ContainerCreating' && reason !== 'PodInitializing') {
      return { rank: 1, reason, text: `The ${where} cannot start (${reason})${why}` };
    }
  }
  if (container.state === 'terminated' && exitCode !== undefined && exitCode !== 0) {
    return { rank: 2, reason: reason ?? 'Error', text: `The ${where} has ended (${reason ?? 'Error'}${exit}).` };
  }
  return undefined;
}

function pullTrouble({ message = '' }: ContainerStatus, where: string, reason: string) {
  const { image, answer } = readPullError(message);
  const text = `The image ${image === undefined ? '' : `${image} `}of ${where} cannot be pulled (${reason})`;
  return answer === undefined ? { text, lacksAnswer: true } : { text: `${text}: ${shorten(answer)}` };
}

/** One line of bounded length out of the cluster's own words. */
export function shorten(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim();
  return line.length <= LONGEST_MESSAGE ? line : `${line.slice(0, LONGEST_MESSAGE - 1)}…`;
}
