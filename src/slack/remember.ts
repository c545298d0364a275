/** How many answers are kept at most: a bound on memory, not a tuning knob. */
const CAPACITY = 2_000;

/**
 * Remembers the answers of `ask` for `ttlMs`. Questions that are asked while the same one is under way share its answer;
 * failures are not remembered.
 */
export function remember<T>(ask: (key: string) => Promise<T>, ttlMs: number, now: () => number) {
  const known = new Map<string, { until: number; answer: Promise<T> }>();
  return (key: string): Promise<T> => {
    const hit = known.get(key);
    if (hit && now() < hit.until) return hit.answer;
    const answer = ask(key);
    const entry = { until: now() + ttlMs, answer };
    known.delete(key);
    known.set(key, entry);
    const oldest = known.keys().next();
    if (known.size > CAPACITY && !oldest.done) known.delete(oldest.value);
    answer.catch(() => {
      if (known.get(key) === entry) known.delete(key);
    });
    return answer;
  };
}
