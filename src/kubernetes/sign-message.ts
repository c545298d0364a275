const MAX_LENGTH = 500;

/**
 * The cluster's words, cut to 500 characters. Not within a word: half a secret would not be known for one by whoever
 * masks it. A copy: a slice would keep the whole of a long message in memory.
 */
export function signMessage(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const kept = text.length > MAX_LENGTH ? wholeWords(text.slice(0, MAX_LENGTH + 1)) : text;
  return Buffer.from(kept).toString();
}

function wholeWords(text: string): string {
  const words = text.replace(/\s+\S*$/, '');
  return words.slice(0, MAX_LENGTH);
}
