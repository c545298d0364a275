import { createHash } from 'node:crypto';
import type { Plan } from '../actions/action.ts';

/** JSON with sorted keys: the same content gives the same text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, v]) => `${JSON.stringify(key)}:${canonicalJson(v)}`);
    return `{${entries.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What people vote on: SHA-256 over everything that decides what would happen to the cluster. */
export function planDigest(cluster: string, plan: Plan, revision: number): string {
  return sha256(
    canonicalJson({
      cluster,
      action: plan.action,
      kind: plan.target.kind,
      namespace: plan.target.namespace,
      name: plan.target.name,
      uid: plan.target.uid,
      patch: plan.patch,
      preconditions: plan.preconditions,
      revision,
    }),
  );
}
