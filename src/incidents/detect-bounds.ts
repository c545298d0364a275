import type { AffectedPod, Finding, Owner } from './finding.ts';
import { maskWords } from './mask-words.ts';

/** More labels than this are no labels that people route by. */
const LABELS = 100;

/** A finding within what `findingSchema` accepts, whatever the cluster wrote. */
export function boundedFinding(finding: Finding): Finding {
  const { owner, since, at, calmSince, count, pods, labels, detail, revision } = finding;
  return {
    kind: finding.kind,
    owner: boundedOwner(owner),
    since: whole(since),
    at: whole(at),
    ...(calmSince !== undefined && { calmSince: whole(calmSince) }),
    count: whole(count),
    pods: pods.map(boundedPod),
    labels: boundedLabels(labels),
    ...(detail !== undefined && { detail: shown(detail) }),
    ...(revision !== undefined && { revision: cut(revision, 20) }),
  };
}

function boundedOwner({ kind, namespace, name }: Owner): Owner {
  return { kind: cut(kind, 63) || '?', namespace: cut(namespace, 63), name: cut(name, 253) || '?' };
}

function boundedPod({ name, node, container, init, reason, exitCode, restarts, message }: AffectedPod): AffectedPod {
  return {
    name: cut(name, 253),
    ...(node !== undefined && { node: cut(node, 253) }),
    ...(container !== undefined && { container: cut(container, 253) }),
    ...(init && { init }),
    reason: cut(reason, 200),
    ...(Number.isSafeInteger(exitCode) && { exitCode }),
    restarts: whole(restarts),
    ...(message !== undefined && { message: shown(message) }),
  };
}

/** Sorted, so that equal labels are equal as JSON too. What Kubernetes does not allow is left out. */
function boundedLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const valid = Object.entries(labels).filter(
    ([key, value]) => key !== '__proto__' && key.length <= 320 && value.length <= 63,
  );
  return Object.fromEntries(valid.sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, LABELS));
}

function shown(words: string): string {
  return cut(maskWords(words), 500);
}

function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return text.slice(0, /[\ud800-\udbff]/.test(text.charAt(max - 1)) ? max - 1 : max);
}

function whole(number: number): number {
  return Number.isFinite(number) ? Math.min(Math.max(Math.trunc(number), 0), Number.MAX_SAFE_INTEGER) : 0;
}
