import type { DiffLine, Plan } from '../src/actions/action.ts';
import { code, short, when } from './text.ts';

const DIFF_LINES_SHOWN = 10;
const WARNINGS_SHOWN = 5;

/** What will change and what to beware of, mrkdwn, below 3,000 characters; undefined where there is nothing to say. */
export function planText(plan: Plan | undefined): string | undefined {
  if (!plan) return undefined;
  const diff = plan.diff
    .slice(0, DIFF_LINES_SHOWN)
    .map(({ field, before, after }) => `${short(field, 40)}: ${value(before)} → ${value(after)}`);
  const warnings = plan.warnings.slice(0, WARNINGS_SHOWN).map((warning) => `:warning: ${short(warning, 200)}`);
  const more = Math.max(0, plan.warnings.length - WARNINGS_SHOWN) + Math.max(0, plan.diff.length - DIFF_LINES_SHOWN);
  const lines = [...diff, ...warnings, ...(more > 0 ? [`… and ${more} more`] : [])];
  return lines.length === 0 ? undefined : lines.join('\n');
}

/** As Kubernetes writes moments. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** A moment stands in the reader's own time. */
function value(text: string): string {
  const ms = MOMENT.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? code(text, 60) : when(ms, '{time_secs}');
}

/** `Replicas 3 → 5, Image a → b`: one line of plain text. */
export function diffLine(diff: readonly DiffLine[]): string {
  return diff.map(({ field, before, after }) => `${field} ${before} → ${after}`).join(', ');
}
