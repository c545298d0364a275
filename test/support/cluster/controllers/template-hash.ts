import { createHash } from 'node:crypto';
import type { Json } from '../types.ts';

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

function ordered(value: Json): Json {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, ordered(value[key])]),
  );
}

/** Equal for equal pod templates; looks like the hashes in pods' names. */
export function templateHash(template: Json): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify(ordered(template)))
    .digest();
  return [...bytes.subarray(0, 10)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}
