import { isDeepStrictEqual } from 'node:util';
import { FINDING_KINDS, type Finding, SEVERITIES, SEVERITY_OF } from './finding.ts';

/** How the findings of one incident are ordered, and compared with those it had. */

export function isActive({ calmSince }: Finding): boolean {
  return calmSince === undefined;
}

/** The leading one first: what lasts before what is over, then the gravest. */
export function leadingFirst(findings: readonly Finding[]): Finding[] {
  const gravity = ({ kind }: Finding) => SEVERITIES.indexOf(SEVERITY_OF[kind]);
  return findings.toSorted(
    (a, b) =>
      Number(isActive(b)) - Number(isActive(a)) ||
      gravity(a) - gravity(b) ||
      FINDING_KINDS.indexOf(a.kind) - FINDING_KINDS.indexOf(b.kind),
  );
}

/**
 * Whether people would see no difference: the same kinds with the same counts, pods, restarts and words about the owner.
 * What changes by itself all the time does not count: a message's back-off seconds, which of the two words the kubelet
 * uses for a failed pull, the time of the latest crash.
 */
export function looksTheSame(before: readonly Finding[], after: readonly Finding[]): boolean {
  return isDeepStrictEqual(before.map(visible), after.map(visible));
}

function visible({ kind, count, pods, detail, revision, calmSince, at }: Finding) {
  return {
    kind,
    count,
    detail,
    revision,
    over: calmSince === undefined ? undefined : { at, calmSince },
    pods: pods.map(({ name, node, container, reason, exitCode, restarts }) => ({
      name,
      node,
      container,
      reason: reason === 'ErrImagePull' ? 'ImagePullBackOff' : reason,
      exitCode,
      restarts,
    })),
  };
}

/** Whether this is known to be over since the same time or a later one. */
export function isKnown(known: readonly Finding[], { kind, at }: Finding): boolean {
  return known.some((finding) => finding.kind === kind && finding.at >= at);
}

/**
 * When what was found is over. A finding that is told as over counts from its own stamp only where it is about the same
 * pods: others may have been in trouble until now and be gone.
 */
export function calmedAt(before: Finding, told: Finding | undefined, seen: number): number {
  if (told?.calmSince === undefined) return seen;
  const named = new Set(told.pods.map(({ name }) => name));
  const isSame = before.count <= before.pods.length && before.pods.every(({ name }) => named.has(name));
  return isSame ? Math.min(told.calmSince, seen) : seen;
}
