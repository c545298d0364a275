import type { WorkloadKind, WorkloadRef } from '../kubernetes/cluster.ts';
import type { Target } from './action.ts';
import type { WantedWorkload } from './input-schemas.ts';

/** How texts name workloads: `deployment nginx in default`. */
export function kindWord(kind: WorkloadKind | 'Pod' | 'Namespace'): string {
  return kind.toLowerCase();
}

export function workloadWords(workload: WantedWorkload): string {
  const kind = workload.kind === undefined ? '' : `${kindWord(workload.kind)} `;
  const place = workload.namespace === undefined ? '' : ` in ${workload.namespace}`;
  return `${kind}${workload.name}${place}`;
}

/** The workload that a plan is about. */
export function targetWorkload(target: Target): WorkloadRef {
  const { kind, namespace, name } = target;
  if (kind === 'Pod' || kind === 'Namespace') throw new Error(`a plan about a ${kind} where a workload belongs`);
  return { kind, namespace, name };
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** `a`, `a or b`, `a, b or c`. */
export function anyOf(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`;
}
