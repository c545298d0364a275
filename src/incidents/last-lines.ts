import { cleanText, cutText } from './clean-text.ts';
import { LOG_LIMIT } from './diagnosis.ts';

const LINES_SHOWN = 30;
const LONGEST_LINE = 300;

/**
 * The last lines of a log that fit into a message; empty where nothing is left. `limitBytes`: how much was asked for at
 * most. Masks before it cuts, because half a secret is not known for one.
 */
export function lastLines(text: string, limitBytes: number, mask: (text: string) => string): string {
  const { whole, headless } = dropCutLine(text, limitBytes);
  const lines = mask(cleanText(whole, Number.POSITIVE_INFINITY))
    .trimEnd()
    .split('\n')
    .slice(-LINES_SHOWN)
    .map((line) => (headless ? endOf(line) : cutText(line.trimEnd(), LONGEST_LINE)));
  return lastThatFit(lines).join('\n');
}

/** A log that was cut to a number of bytes may begin in the middle of a line, perhaps of a secret. */
function dropCutLine(text: string, limitBytes: number): { whole: string; headless: boolean } {
  if (Buffer.byteLength(text) < limitBytes) return { whole: text, headless: false };
  const end = text.indexOf('\n');
  const isOnly = end === -1 || text.slice(end).trim() === '';
  return isOnly ? { whole: text, headless: true } : { whole: text.slice(end + 1), headless: false };
}

/** Of a line without its beginning, what was written last. */
function endOf(line: string): string {
  if (line.length <= LONGEST_LINE) return line;
  return `…${line.slice(1 - LONGEST_LINE).replace(/^[\udc00-\udfff]/, '')}`;
}

function lastThatFit(lines: readonly string[]): string[] {
  let size = 0;
  const fitting: string[] = [];
  for (const line of lines.toReversed()) {
    size += line.length + 1;
    if (size > LOG_LIMIT) break;
    fitting.unshift(line);
  }
  return fitting;
}
