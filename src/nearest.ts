/**
 * The candidate that was probably meant, ignoring case; undefined where none is within `limit` letters, which is a
 * third of the word where not given.
 */
export function nearest(
  word: string,
  candidates: Iterable<string>,
  limit: number = Math.max(1, Math.floor(word.length / 3)),
): string | undefined {
  const meant = word.toLowerCase();
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(meant, candidate.toLowerCase(), limit);
    if (!best || distance < best.distance) best = { candidate, distance };
  }
  return best && best.distance <= limit ? best.candidate : undefined;
}

/**
 * How many letters have to be added, left out, replaced or swapped with their neighbour to make `b` out of `a`.
 * Infinity above `limit`: most names of a large cluster are nowhere near, and not worth the work.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Number.POSITIVE_INFINITY;
  const width = b.length + 1;
  // Row by row: cells[i * width + j] is the distance of a's first i letters and b's first j.
  const cells = new Uint16Array((a.length + 1) * width);
  const cell = (i: number, j: number) => cells[i * width + j] ?? 0;
  for (let j = 1; j < width; j++) cells[j] = j;
  for (let i = 1; i <= a.length; i++) {
    cells[i * width] = i;
    for (let j = 1; j < width; j++) {
      const replaced = cell(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? cell(i - 2, j - 2) + 1 : replaced;
      cells[i * width + j] = Math.min(replaced, swapped, cell(i - 1, j) + 1, cell(i, j - 1) + 1);
    }
  }
  const distance = cell(a.length, b.length);
  return distance > limit ? Number.POSITIVE_INFINITY : distance;
}
