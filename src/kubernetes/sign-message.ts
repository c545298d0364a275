const MAX_LENGTH = 500;

/** The cluster's words, cut to 500 characters. A copy: a slice would keep the whole of a long message in memory. */
export function signMessage(text: string | undefined): string | undefined {
  return text ? Buffer.from(text.slice(0, MAX_LENGTH)).toString() : undefined;
}
