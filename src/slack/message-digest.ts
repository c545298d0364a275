import { createHash } from 'node:crypto';

/** Equal for equal content: what was shown last need not be shown again. */
export function digestOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
}
