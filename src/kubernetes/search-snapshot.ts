import { editDistance } from '../nearest.ts';
import type { WorkloadKind } from './cluster.ts';
import type { AutoscalerSummary, ClusterSnapshot, PodSummary, WorkloadSummary } from './snapshot-reader.ts';

interface Search {
  /** Absent: all. */
  namespace?: string | undefined;
  /** Part of the name, or `namespace/part`. Empty: everything. */
  query: string;
  limit: number;
}

/** Best match first; equal matches by name, then namespace, then kind. */
export function searchWorkloads(
  snapshot: ClusterSnapshot,
  { kinds, ...search }: Search & { kinds: readonly WorkloadKind[] },
): WorkloadSummary[] {
  return best(snapshot.workloads.values(), search, (one) => kinds.includes(one.kind));
}

/** Best match first; equal matches by name, then namespace. */
export function searchPods(snapshot: ClusterSnapshot, search: Search): PodSummary[] {
  return best(snapshot.pods.values(), search, () => true);
}

export function searchNamespaces(
  snapshot: ClusterSnapshot,
  { query, limit }: { query: string; limit: number },
): string[] {
  const named = snapshot.namespaces.map((name) => ({ name, namespace: '' }));
  return best(named, { query, limit }, () => true).map(({ name }) => name);
}

export function findWorkloadByUid(snapshot: ClusterSnapshot, uid: string): WorkloadSummary | undefined {
  return snapshot.workloads.get(uid);
}

/** The autoscaler that would undo a manual scale; undefined too where opsbot may not list them. */
export function autoscalerOf(
  snapshot: ClusterSnapshot,
  { kind, namespace, name }: Pick<WorkloadSummary, 'kind' | 'namespace' | 'name'>,
): AutoscalerSummary | undefined {
  for (const one of snapshot.autoscalers?.values() ?? []) {
    if (one.namespace === namespace && one.targetKind === kind && one.targetName === name) return one;
  }
  return undefined;
}

/** Names that were probably meant, without repetition: what contains the word or is contained in it, and typing errors. */
export function nearNames(names: Iterable<string>, wanted: string, limit: number): string[] {
  const word = wanted.trim().toLowerCase();
  if (word.length < 2) return [];
  const tolerance = Math.max(1, Math.floor(word.length / 3));
  const scored: { name: string; score: number }[] = [];
  for (const name of new Set(names)) {
    const score = nearness(name.toLowerCase(), word, tolerance);
    if (score !== undefined) scored.push({ name, score });
  }
  scored.sort((a, b) => a.score - b.score || a.name.length - b.name.length || compare(a.name, b.name));
  return scored.slice(0, limit).map(({ name }) => name);
}

/** Lower is nearer. A typing error is more often the reason than a forgotten part of the name. */
function nearness(name: string, word: string, tolerance: number): number | undefined {
  const distance = editDistance(name, word, tolerance);
  if (distance <= tolerance) return distance;
  const place = rank(name, word) ?? (name.length > 2 ? rank(word, name) : undefined);
  return place === undefined ? undefined : tolerance + place;
}

interface Named {
  name: string;
  namespace: string;
  kind?: WorkloadKind;
}

function best<T extends Named>(
  all: Iterable<T>,
  { namespace, query, limit }: Search,
  isWanted: (one: T) => boolean,
): T[] {
  const word = query.trim().toLowerCase();
  const matches: { one: T; place: number }[] = [];
  for (const one of all) {
    if ((namespace !== undefined && one.namespace !== namespace) || !isWanted(one)) continue;
    const place = rank(word.includes('/') ? `${one.namespace}/${one.name}` : one.name, word);
    if (place !== undefined) matches.push({ one, place });
  }
  matches.sort((a, b) => a.place - b.place || compareNamed(a.one, b.one));
  return matches.slice(0, limit).map(({ one }) => one);
}

/** Whole, beginning, beginning of a later part (`api` in `web-api`), anywhere; undefined where it does not occur. */
function rank(name: string, word: string): number | undefined {
  if (name === word) return 0;
  if (name.startsWith(word)) return 1;
  if (name.includes(`-${word}`)) return 2;
  return name.includes(word) ? 3 : undefined;
}

function compareNamed(a: Named, b: Named): number {
  return compare(a.name, b.name) || compare(a.namespace, b.namespace) || compare(a.kind ?? '', b.kind ?? '');
}

/** By code point: the same order on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
