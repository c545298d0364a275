/** Which one of so many rows a key leads to; undefined where it leads nowhere. */
export function stepTo(key: string, from: number, count: number): number | undefined {
  const to = new Map([
    ['ArrowUp', Math.max(0, from - 1)],
    ['ArrowDown', Math.min(count - 1, from + 1)],
    ['Home', 0],
    ['End', count - 1],
  ]).get(key);
  return count === 0 ? undefined : to;
}
