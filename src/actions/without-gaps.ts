/** Plans are JSON, which has no undefined: without its undefined values an object is the same before and after a queue. */
export function withoutGaps<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
}
