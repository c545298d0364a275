import type { Shown } from './show-message.ts';
import type { Style } from './style.ts';

const AUTHOR_WIDTH = 7;
const MORE_LINES = 24;

/** Where messages have their number. */
export const GUTTER = ' '.repeat(6);

/** Lines of a form or of Home. */
export const framed = (lines: readonly string[], style: Style): string[] =>
  lines.map((line) => `${GUTTER}${style.dim('│')} ${line}`);

/** The lines that are in `after` and were not in `before`; equal lines count one by one. */
export function newLines(before: readonly string[], after: readonly string[]): string[] {
  const left = [...before];
  return after.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** A message's first appearance: its number, who wrote it, and what; a thread stands further in than its root. */
export function layOut(number: number, shown: Shown, style: Style): string[] {
  return lay(number, shown, shown.only === undefined ? ' ' : '·', limited(forOne(shown, style), style), style);
}

/** What is new in a message that was shown before; nothing where nothing is. */
export function layOutChange(number: number, before: Shown, after: Shown, style: Style): string[] {
  const fresh = newLines(before.lines, after.lines);
  const gone = newLines(after.lines, before.lines);
  if (fresh.length === 0 && gone.length === 0) return [];
  const lines = fresh.length > 0 ? fresh : [style.dim(`gone: ${gone.join(' ')}`)];
  return lay(number, after, '~', limited(lines, style), style);
}

function lay(number: number, { author, inThread }: Shown, mark: string, lines: string[], style: Style): string[] {
  const indent = inThread ? '    ' : '';
  const head = `${style.dim(String(number).padStart(3))} ${mark} ${indent}${style.person(author.padEnd(AUTHOR_WIDTH))}`;
  const margin = `${GUTTER}${indent}${' '.repeat(AUTHOR_WIDTH)}`;
  return lines.map((line, at) => (at === 0 ? head : margin) + line);
}

function forOne({ only, lines }: Shown, style: Style): string[] {
  return only === undefined ? lines : [style.dim(`(only ${only} sees this)`), ...lines];
}

function limited(lines: string[], style: Style): string[] {
  if (lines.length <= MORE_LINES) return lines;
  const left = lines.length - MORE_LINES;
  return [...lines.slice(0, MORE_LINES), style.dim(`… ${left} more lines`)];
}
