import { classOf } from '../kubernetes/pod-status.ts';
import type { PodSigns } from '../kubernetes/signs.ts';
import type { PodSummary } from '../kubernetes/snapshot-reader.ts';
import { type DetectOptions, isTold } from './detect-time.ts';
import { type AffectedPod, type Finding, type FindingKind, type Owner, ownerKey, PODS_NAMED } from './finding.ts';

type ContainerSign = PodSigns['containers'][number];

/** One kind of trouble of one pod. */
interface PodTrouble {
  kind: FindingKind;
  pod: PodSummary;
  since: number;
  at: number;
  calmSince: number | undefined;
  container: ContainerSign | undefined;
  reason: string;
  message: string | undefined;
}

const KILLED = 'OOMKilled';

/** So long after a crash the kubelet may start the container again (“Container restart policy”), in ms. */
const LONGEST_PAUSE_MS = 5 * 60_000;

/** Findings about pods. `ownerOf`: whom people know the pod by. */
export function detectPods(
  pods: readonly PodSummary[],
  ownerOf: (pod: PodSummary) => Owner,
  options: DetectOptions,
): Finding[] {
  const groups = new Map<string, { owner: Owner; kind: FindingKind; troubles: PodTrouble[] }>();
  for (const pod of pods) {
    const owner = ownerOf(pod);
    for (const trouble of podTroubles(pod, options)) {
      const key = `${trouble.kind}/${ownerKey(owner)}`;
      const group = groups.get(key);
      if (group) group.troubles.push(trouble);
      else groups.set(key, { owner, kind: trouble.kind, troubles: [trouble] });
    }
  }
  return [...groups.values()].map(({ owner, kind, troubles }) => findingOf(kind, owner, troubles, options.now));
}

/** At most one of each kind: the worst container speaks for its pod. */
function podTroubles(pod: PodSummary, options: DetectOptions): PodTrouble[] {
  const { signs } = pod;
  if (!signs) return [];
  const troubles = signs.containers
    .map((container) => containerTrouble(pod, signs.over, container))
    .filter((trouble) => trouble !== undefined)
    .filter((trouble) => trouble.calmSince === undefined || isTold(trouble.at, options, toldFor(trouble)));
  const waiting = unschedulable(pod, signs, options);
  if (waiting) troubles.push(waiting);
  const kinds = new Set(troubles.map(({ kind }) => kind));
  return [...kinds].map((kind) => mergedOf(troubles.filter((trouble) => trouble.kind === kind)));
}

/** A kill is worth telling for long; a container that has stopped crashing is well after a while. */
function toldFor({ kind }: PodTrouble): number | undefined {
  return kind === 'crash-loop' ? 2 * LONGEST_PAUSE_MS : undefined;
}

function mergedOf(troubles: readonly PodTrouble[]): PodTrouble {
  const telling = tellingOf(troubles);
  const [worst] = telling.toSorted(worseFirst);
  return { ...(worst as PodTrouble), ...timesOf(telling) };
}

function containerTrouble(pod: PodSummary, isOver: boolean, container: ContainerSign): PodTrouble | undefined {
  const { state, reason = '', ended } = container;
  const waitsFor = state === 'waiting' ? kindOfWaiting(reason) : undefined;
  const wasKilled = ended?.reason === KILLED;
  // A kubelet writes no time, or the epoch, for a container that never started.
  const at = Math.max(ended?.at ?? 0, pod.createdAt);
  const trouble = { pod, container, since: at, at, message: container.message };
  if (wasKilled && (waitsFor === undefined || waitsFor === 'crash-loop')) {
    const calmSince = isOver ? at : runsAgain(container, at);
    return { ...trouble, kind: 'oom-killed', reason: KILLED, calmSince };
  }
  if (isOver) return undefined;
  if (waitsFor) return { ...trouble, kind: waitsFor, reason, calmSince: undefined };
  if (state !== 'running' || !ended) return undefined;
  return { ...trouble, kind: 'crash-loop', reason: 'CrashLoopBackOff', calmSince: runsAgain(container, at) };
}

/** Since when it runs again, or has done its work after all (an init container). */
function runsAgain({ state, runningSince }: ContainerSign, killedAt: number): number | undefined {
  if (state === 'waiting' || (state === 'terminated' && runningSince === undefined)) return undefined;
  return Math.max(runningSince ?? 0, killedAt);
}

/** What a waiting container's reason means. RunContainerError and its like become CrashLoopBackOff by themselves. */
function kindOfWaiting(reason: string): FindingKind | undefined {
  if (reason === 'CrashLoopBackOff') return 'crash-loop';
  const status = classOf(reason);
  if (status === 'image') return 'image-pull';
  return status === 'config' ? 'config-error' : undefined;
}

function unschedulable(pod: PodSummary, signs: PodSigns, { now, pendingMs }: DetectOptions): PodTrouble | undefined {
  if (!signs.unschedulable || signs.over || now - signs.unschedulable.since < pendingMs) return undefined;
  const { since, message } = signs.unschedulable;
  const reason = 'Unschedulable';
  return { kind: 'unschedulable', pod, since, at: since, calmSince: undefined, container: undefined, reason, message };
}

function findingOf(kind: FindingKind, owner: Owner, troubles: readonly PodTrouble[], now: number): Finding {
  const { calmSince, ...times } = timesOf(tellingOf(troubles));
  const hit = calmSince === undefined ? troubles.filter((trouble) => isHit(trouble, now)) : troubles;
  const telling = hit.toSorted(worseFirst);
  return {
    kind,
    owner,
    ...times,
    ...(calmSince !== undefined && { calmSince }),
    count: telling.length,
    pods: telling.slice(0, PODS_NAMED).map(affectedPod),
    labels: { ...telling[0]?.pod.signs?.labels },
  };
}

/** Pods that crash side by side run for a moment in turn: while one is down, those that just were count as well. */
function isHit({ calmSince }: PodTrouble, now: number): boolean {
  return calmSince === undefined || now - calmSince < LONGEST_PAUSE_MS;
}

/** Those that last; where all is over, all of them. */
function tellingOf(troubles: readonly PodTrouble[]): readonly PodTrouble[] {
  const active = troubles.filter(({ calmSince }) => calmSince === undefined);
  return active.length > 0 ? active : troubles;
}

function timesOf(telling: readonly PodTrouble[]): Pick<PodTrouble, 'since' | 'at' | 'calmSince'> {
  const calm = telling.map(({ calmSince }) => calmSince).filter((time) => time !== undefined);
  return {
    since: telling.reduce((earliest, { since }) => Math.min(earliest, since), Number.POSITIVE_INFINITY),
    at: telling.reduce((latest, { at }) => Math.max(latest, at), 0),
    calmSince: calm.length > 0 ? calm.reduce((latest, time) => Math.max(latest, time), 0) : undefined,
  };
}

/** Only the first one's message: the others' say the same with other names in it. */
function affectedPod({ pod, container, reason, message }: PodTrouble, index: number): AffectedPod {
  return {
    name: pod.name,
    node: pod.node,
    container: container?.container,
    init: container?.init,
    reason,
    exitCode: container?.ended?.exitCode,
    restarts: container?.restarts ?? 0,
    message: index === 0 ? message : undefined,
  };
}

/**
 * Many restarts before few, by orders of magnitude: with exact numbers, the pods of a crashing Deployment would change
 * places all the time. The rest makes it the same whatever came first.
 */
function worseFirst(a: PodTrouble, b: PodTrouble): number {
  const magnitude = ({ container }: PodTrouble) => Math.floor(Math.log2((container?.restarts ?? 0) + 1));
  const name = ({ pod, container }: PodTrouble) => `${pod.name}\n${container?.container ?? ''}\n${pod.uid}`;
  return magnitude(b) - magnitude(a) || compare(name(a), name(b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
