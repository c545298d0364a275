import { readPullError } from '../actions/pull-error.ts';
import type { ClusterEvent, ContainerStatus, Pod } from '../kubernetes/cluster.ts';
import { exitWords } from './exit-words.ts';
import type { AffectedPod, Finding, FindingKind } from './finding.ts';

/** In this order they are told: nearest to the cause first. */
export const LABELS = [
  'Why',
  'Kubelet says',
  'Scheduler says',
  'Registry says',
  'Image',
  'Exit code',
  'Message',
  'Memory limit',
  'Probe',
  'Rollout',
  'Images',
  'Log',
  'Restarts',
  'Pods on it',
  'Node',
] as const;
/** Words of the cluster: to be cleaned, masked and cut before anybody sees them. */
export type Facts = Partial<Record<(typeof LABELS)[number], string | undefined>>;

/** How the cluster's own words about an affected pod are introduced, by who speaks. */
const SPEAKER: Partial<Record<FindingKind, keyof Facts>> = {
  'config-error': 'Kubelet says',
  unschedulable: 'Scheduler says',
};

/** What is known without asking anybody. */
export function findingFacts(finding: Finding, pod: AffectedPod | undefined): Facts {
  switch (finding.kind) {
    case 'node-not-ready':
    case 'node-pressure':
      return { Why: finding.detail, 'Pods on it': String(finding.count) };
    case 'rollout-complete':
      return {};
    case 'rollout-stuck':
      return { Why: finding.detail };
    case 'job-failed':
      return { Why: finding.detail, ...(pod && affectedFacts(finding.kind, pod)) };
    default:
      return pod === undefined ? {} : affectedFacts(finding.kind, pod);
  }
}

/** What the finding has of a pod, which may be gone by now. */
function affectedFacts(kind: FindingKind, { exitCode, reason, restarts, node, message }: AffectedPod): Facts {
  const facts: Facts = { Node: node, ...restartFact(restarts) };
  if (kind === 'image-pull') return { ...facts, ...pullFacts(message) };
  const speaker = SPEAKER[kind];
  if (speaker !== undefined) return { ...facts, [speaker]: message };
  if (exitCode === undefined) return facts;
  // The word for a crash loop is what the container waits for, not how it ended.
  const ended = { exitCode, reason: kind === 'crash-loop' ? undefined : reason };
  return { ...facts, 'Exit code': exitWords(ended) };
}

/** What the pod, as it is now, adds or puts right. */
export function podFacts(kind: FindingKind, pod: Pod, container: ContainerStatus | undefined): Facts {
  const facts: Facts = { ...(pod.node !== undefined && { Node: pod.node }), ...restartFact(container?.restarts ?? 0) };
  if (kind === 'unschedulable') return { ...facts, ...said('Scheduler says', pod.unschedulable) };
  if (container === undefined) return facts;
  if (kind === 'image-pull') return { ...facts, ...pullFacts(container.message) };
  if (kind === 'config-error') return { ...facts, ...said('Kubelet says', waitingMessage(container)) };
  return { ...facts, ...endFacts(kind, container) };
}

function endFacts(kind: FindingKind, container: ContainerStatus): Facts {
  const { state, reason, exitCode, message, lastEnd, memoryLimit } = container;
  const present = state === 'terminated' && exitCode !== undefined ? { reason, exitCode } : undefined;
  const ends = [present, lastEnd].filter((end) => end !== undefined);
  const isKill = (end: { reason: string | undefined }) => end.reason === 'OOMKilled';
  const end = kind === 'oom-killed' ? ends.find(isKill) : ends[0];
  return {
    ...(end && { 'Exit code': exitWords(end) }),
    ...(end !== undefined && end === present && said('Message', message)),
    ...((kind === 'oom-killed' || (end && isKill(end))) && { 'Memory limit': memoryLimit ?? 'none: the node ran out' }),
  };
}

/** What the pod's events add to what is known of it; newest first. */
export function eventFacts(kind: FindingKind, events: readonly ClusterEvent[], known: Facts): Facts {
  const newest = (passes: (event: ClusterEvent) => boolean) => events.find(passes)?.message;
  switch (kind) {
    case 'image-pull':
      if (known['Registry says'] !== undefined) return {};
      return pullFacts(newest(({ reason, message }) => reason === 'Failed' && message.includes('pull image')));
    case 'config-error':
      if (known['Kubelet says'] !== undefined) return {};
      return said(
        'Kubelet says',
        newest(({ reason }) => reason === 'Failed'),
      );
    case 'unschedulable':
      if (known['Scheduler says'] !== undefined) return {};
      return said(
        'Scheduler says',
        newest(({ reason }) => reason === 'FailedScheduling'),
      );
    default:
      return said('Probe', failingProbe(events));
  }
}

/** Liveness and startup probes kill; that a container which is down is not ready says little. */
function failingProbe(events: readonly ClusterEvent[]): string | undefined {
  const failures = events.filter(({ reason }) => reason === 'Unhealthy').map(({ message }) => message);
  return failures.find((message) => /^(?:Liveness|Startup)/.test(message)) ?? failures[0];
}

function pullFacts(message = ''): Facts {
  const { image, answer } = readPullError(message);
  return { ...said('Image', image), ...said('Registry says', answer) };
}

function waitingMessage({ state, message }: ContainerStatus): string | undefined {
  return state === 'waiting' ? message : undefined;
}

function restartFact(restarts: number): Facts {
  return restarts === 0 ? {} : { Restarts: String(restarts) };
}

/** Nothing where nothing was said, so that it takes nothing away from what is known. */
function said(label: keyof Facts, words: string | undefined): Facts {
  return words === undefined || words === '' ? {} : { [label]: words };
}
