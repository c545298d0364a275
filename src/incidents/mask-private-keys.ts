const BEGIN = /-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----/g;
const END = /-----END [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----/g;
/** Longer than any key: an END that is further away belongs to another one. */
const LONGEST_KEY = 32_768;
/** Lines of base64, also where JSON has written the line ends as `\n`. */
const KEY_LINES = /(?:(?:\s|\\[nr]){1,4}[A-Za-z0-9+/=]{16,76})*/y;
/** Those that end at one place. A lookbehind is read from there backwards: nothing is tried from each beginning. */
const KEY_LINES_BEFORE = /(?<=(?<lines>(?:[A-Za-z0-9+/=]{1,76}(?:\s|\\[nr]){1,4})+))/y;

/** Hides private keys in PEM form, also one that the end or the beginning of the text has cut. Linear. */
export function maskPrivateKeys(text: string, mask: string): string {
  const begins = [...text.matchAll(BEGIN)].map((found) => ({ from: found.index, to: found.index + found[0].length }));
  const ends = [...text.matchAll(END)].map((found) => ({ from: found.index, to: found.index + found[0].length }));
  if (begins.length === 0 && ends.length === 0) return text;
  return withMasked(text, mask, hiddenSpans(text, begins, ends));
}

interface Span {
  from: number;
  to: number;
}

/** Spans to hide, in order and apart. */
function hiddenSpans(text: string, begins: readonly Span[], ends: readonly Span[]): Span[] {
  const spans: Span[] = [];
  let next = 0;
  let hidden = 0;
  for (const [at, begin] of begins.entries()) {
    // Ends before this beginning have lost their own.
    for (; next < ends.length && (ends[next] as Span).from < begin.to; next++) {
      spans.push(tailSpan(text, ends[next] as Span, hidden));
      hidden = (ends[next] as Span).from;
    }
    const end = ends[next];
    const following = begins[at + 1]?.from ?? Number.POSITIVE_INFINITY;
    const closed = end !== undefined && end.from < following && end.from - begin.to <= LONGEST_KEY;
    const to = closed ? end.from : endOfLines(text, begin.to);
    spans.push({ from: begin.to, to });
    hidden = to;
    if (closed) next += 1;
  }
  for (const end of ends.slice(next)) {
    spans.push(tailSpan(text, end, hidden));
    hidden = end.from;
  }
  return spans;
}

function endOfLines(text: string, from: number): number {
  KEY_LINES.lastIndex = from;
  return from + (KEY_LINES.exec(text)?.[0].length ?? 0);
}

/** The lines before an END whose BEGIN is not in the text. */
function tailSpan(text: string, end: Span, notBefore: number): Span {
  const before = text.slice(Math.max(notBefore, end.from - LONGEST_KEY), end.from);
  KEY_LINES_BEFORE.lastIndex = before.length;
  const lines = KEY_LINES_BEFORE.exec(before)?.groups?.lines ?? '';
  return { from: end.from - lines.length, to: end.from };
}

function withMasked(text: string, mask: string, spans: readonly Span[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { from, to } of spans) {
    if (to <= from) continue;
    parts.push(text.slice(done, from), mask);
    done = to;
  }
  return [...parts, text.slice(done)].join('');
}
