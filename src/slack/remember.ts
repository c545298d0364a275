/** How many answers are kept at most: a bound on memory, not a tuning knob. */
const CAPACITY = 2_000;

/** Asks, unless the answer is known. `fresh`: only an answer that is still on its way will do. */
export type Remembering<T> = (key: string, options?: { fresh?: boolean }) => Promise<T>;

/**
 * Remembers the answers of `ask` for `ttlMs`. Questions that are asked while the same one is under way share its answer;
 * failures are not remembered.
 */
export function remember<T>(ask: (key: string) => Promise<T>, ttlMs: number, now: () => number): Remembering<T> {
  const known = new Map<string, { until: number; answer: Promise<T>; isUnderWay: boolean }>();
  return (key, { fresh = false } = {}) => {
    const hit = known.get(key);
    if (hit && (hit.isUnderWay || (!fresh && now() < hit.until))) return hit.answer;
    const answer = ask(key);
    const entry = { until: now() + ttlMs, answer, isUnderWay: true };
    known.delete(key);
    known.set(key, entry);
    const oldest = known.keys().next();
    if (known.size > CAPACITY && !oldest.done) known.delete(oldest.value);
    answer
      .catch(() => {
        if (known.get(key) === entry) known.delete(key);
      })
      .finally(() => {
        entry.isUnderWay = false;
      });
    return answer;
  };
}
