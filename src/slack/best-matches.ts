/**
 * The `limit` candidates that fit what was typed: those that begin with it, then those that hold it, then those that
 * hold all of its words; each group by name. One pass over the candidates, however many there are.
 */
export function bestMatches<T>(
  candidates: Iterable<T>,
  typed: string,
  nameOf: (candidate: T) => string,
  limit: number,
): T[] {
  const wanted = typed.trim().toLowerCase();
  const words = wanted.split(/[\s/]+/).filter((word) => word !== '');
  const groups: [T[], T[], T[]] = [[], [], []];
  for (const candidate of candidates) {
    const name = nameOf(candidate).toLowerCase();
    if (name.startsWith(wanted)) groups[0].push(candidate);
    else if (name.includes(wanted)) groups[1].push(candidate);
    else if (words.length > 0 && words.every((word) => name.includes(word))) groups[2].push(candidate);
  }
  const byName = (a: T, b: T) => (nameOf(a) < nameOf(b) ? -1 : 1);
  const found: T[] = [];
  for (const group of groups) {
    if (found.length >= limit) break;
    found.push(...group.sort(byName).slice(0, limit - found.length));
  }
  return found;
}
