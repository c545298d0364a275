import type { Element } from '../../../../../support/slack/types.ts';

/** The number one step further, within its bounds; from what is no number, the smallest there is. */
export function stepped(text: string, by: 1 | -1, { min_value, max_value }: Element): string {
  const min = min_value === undefined ? Number.NEGATIVE_INFINITY : Number(min_value);
  const max = max_value === undefined ? Number.POSITIVE_INFINITY : Number(max_value);
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(number)) return String(Number.isFinite(min) ? min : 0);
  return String(Math.min(max, Math.max(min, number + by)));
}
