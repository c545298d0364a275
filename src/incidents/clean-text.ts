/** Escape sequences of terminals: colours and cursor moves, titles and links, the rest. */
const ESCAPES = new RegExp(
  [
    String.raw`\u001b\[[0-?]*[ -/]*[@-~]?`,
    String.raw`\u001b[\]PX^_][^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)?`,
    String.raw`\u001b[ -/]*[0-~]?`,
    String.raw`\u009b[0-?]*[ -/]*[@-~]?`,
  ].join('|'),
  'g',
);
/** Controls but line ends and tabs, and marks that turn the direction of text around. */
const CONTROLS = /(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Longer lines are machine food, and would push everything else out of a message. */
const LONGEST_LINE = 4000;

/**
 * Text of a log as a person can read it: without terminal escapes and control characters, with bytes that were no UTF-8
 * as one `?`, and with over-long lines cut and marked. Lines end in `\n`. Linear.
 */
export function cleanText(text: string, longestLine = LONGEST_LINE): string {
  return text
    .replace(/\r+\n?/g, '\n')
    .replace(ESCAPES, '')
    .toWellFormed()
    .replace(/\ufffd+/g, '?')
    .replace(CONTROLS, '')
    .split('\n')
    .map((line) => cutLine(line, longestLine))
    .join('\n');
}

function cutLine(line: string, longest: number): string {
  if (line.length <= longest) return line;
  const kept = beginningOf(line, longest);
  return `${kept} … [${line.length - kept.length} more characters]`;
}

/** At most so many characters; what is cut ends in `…`. */
export function cutText(text: string, longest: number): string {
  return text.length <= longest ? text : `${beginningOf(text, longest - 1)}…`;
}

/** Never ends in half a character. */
function beginningOf(text: string, length: number): string {
  const half = /[\ud800-\udbff]/.test(text.charAt(length - 1)) ? 1 : 0;
  return text.slice(0, length - half);
}
