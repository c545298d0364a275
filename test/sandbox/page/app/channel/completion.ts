/** A word that is being typed and can be completed: text between `from` and `to`, the caret. */
export interface Completion {
  kind: 'person' | 'emoji' | 'command';
  /** Without its sign; of a command with it. */
  typed: string;
  from: number;
  to: number;
}

const WORDS: [Completion['kind'], RegExp][] = [
  ['command', /^(?<typed>\/[\w-]*)$/],
  ['person', /(?:^|[\s([{])(?<whole>@(?<typed>[\w.-]*))$/],
  ['emoji', /(?:^|[\s([{])(?<whole>:(?<typed>[\w+-]{2,}))$/],
];

/** What is being typed before the caret; undefined where it is nothing that could be completed. */
export function completionAt(text: string, caret: number): Completion | undefined {
  const before = text.slice(0, caret);
  for (const [kind, pattern] of WORDS) {
    const { typed, whole = typed } = pattern.exec(before)?.groups ?? {};
    if (typed !== undefined) return { kind, typed, from: caret - (whole ?? '').length, to: caret };
  }
  return undefined;
}

/** The text with that in place of the word, and where the caret is then. */
export function completed(text: string, { from, to }: Completion, by: string): { text: string; caret: number } {
  const rest = text.slice(to);
  const put = rest.startsWith(' ') ? by : `${by} `;
  return { text: text.slice(0, from) + put + rest, caret: from + by.length + 1 };
}
