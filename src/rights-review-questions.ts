import type { Access, CallOptions } from './kubernetes/cluster.ts';
import type { Right } from './rights.ts';

/** SelfSubjectAccessReview of one right. */
export type Can = (access: Access, options?: CallOptions) => Promise<boolean>;

/** Questions to the API server at a time. */
const AT_ONCE = 10;

/** Those that the account does not have. Rejects as soon as one question gets no answer. */
export async function findMissing(rights: readonly Right[], can: Can, signal?: AbortSignal): Promise<Right[]> {
  const giveUp = new AbortController();
  const either = signal ? AbortSignal.any([signal, giveUp.signal]) : giveUp.signal;
  const missing = new Set<Right>();
  const left = rights.values();
  const askInTurn = async () => {
    for (const right of left) if (!(await can(right.access, { signal: either }))) missing.add(right);
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, askInTurn));
  } catch (error) {
    giveUp.abort();
    throw error;
  }
  return rights.filter((right) => missing.has(right));
}
