const LONGEST = 60;

/** The names and values inside; undefined where there is nothing to open. */
export function insideOf(value: unknown): [string, unknown][] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const inside = Object.entries(value);
  return inside.length === 0 ? undefined : inside;
}

/** A value that has nothing inside, as it is written. Line breaks in a text are kept. */
export const leafText = (value: unknown): string =>
  typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? 'nothing');

/** What is in there, in one short line: `[4]`, `{type: "section", block_id: "votes", …}`. */
export function jsonPreview(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  const inside = (insideOf(value) ?? []).sort(typeFirst);
  let line = '';
  for (const [name, part] of inside) {
    const next = `${line === '' ? '' : `${line}, `}${name}: ${partPreview(part)}`;
    if (next.length > LONGEST) return `{${line === '' ? '' : `${line}, `}…}`;
    line = next;
  }
  return `{${line}}`;
}

/** It says most. */
const typeFirst = ([a]: [string, unknown], [b]: [string, unknown]) => Number(b === 'type') - Number(a === 'type');

function partPreview(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length === 0 ? '' : value.length}]`;
  return insideOf(value) ? '{…}' : leafText(value);
}
