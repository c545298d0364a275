import type { ClusterSnapshot, PodSummary, WorkloadSummary } from '../kubernetes/snapshot-reader.ts';
import { workloadOfPod } from './find-chosen.ts';

/** What a text is about. `namespace` is set where it is beyond doubt. */
export interface Mentioned {
  namespace: string | undefined;
  workload: WorkloadSummary | undefined;
  pod: PodSummary | undefined;
}

/** An alert is short; whatever is beyond this is not looked at. */
const CHARACTERS_READ = 20_000;
const WORD = /[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?/g;

/**
 * Finds the workload or pod that a message names: `nginx`, `deploy/nginx`, `default/nginx`, the name of one of its pods.
 * A name that several workloads have counts only where the message names one's namespace too.
 */
export function findMentioned(text: string, snapshot: ClusterSnapshot): Mentioned {
  const words = new Set(text.slice(0, CHARACTERS_READ).toLowerCase().match(WORD) ?? []);
  const named = snapshot.namespaces.filter((namespace) => words.has(namespace));
  const pod = onlyOne([...snapshot.pods.values()], words, named);
  const workload =
    (pod && workloadOfPod(snapshot, pod)) ?? onlyOne([...snapshot.workloads.values()], words, named) ?? undefined;
  const namespace = pod?.namespace ?? workload?.namespace ?? (named.length === 1 ? named[0] : undefined);
  return { namespace, workload, pod };
}

interface Named {
  namespace: string;
  name: string;
}

function onlyOne<T extends Named>(all: readonly T[], words: ReadonlySet<string>, namespaces: readonly string[]) {
  const found = all.filter((one) => words.has(one.name));
  const inNamed = found.filter((one) => namespaces.includes(one.namespace));
  const candidates = inNamed.length > 0 ? inNamed : found;
  // A namespace and a workload may share a name (`argocd`): the longer name says more.
  const longest = Math.max(0, ...candidates.map(({ name }) => name.length));
  const best = candidates.filter(({ name }) => name.length === longest);
  return best.length === 1 ? best[0] : undefined;
}

/** All text of a Slack message, as people or alerting apps wrote it: its own, its attachments', its blocks'. */
export function textOf(message: unknown): string {
  const parts: string[] = [];
  collect(message, 0, parts);
  return parts.join('\n');
}

const TEXT_KEYS = new Set(['text', 'title', 'value', 'fallback', 'pretext', 'footer']);
const INNER_KEYS = new Set(['attachments', 'blocks', 'elements', 'fields', 'text', 'rows', 'cells']);

function collect(value: unknown, depth: number, parts: string[]): void {
  if (depth > 8 || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, depth + 1, parts);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'string' && TEXT_KEYS.has(key)) parts.push(inner);
    else if (INNER_KEYS.has(key)) collect(inner, depth + 1, parts);
  }
}
