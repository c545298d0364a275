const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Uint8Array(256);
const CLOSING = new Uint8Array(256);
for (const bracket of '{[') OPENING[bracket.charCodeAt(0)] = 1;
for (const bracket of '}]') CLOSING[bracket.charCodeAt(0)] = 1;
/** Brackets that are open inside of the list's `items`. */
const ITEMS_DEPTH = 2;

/**
 * Reads a list as the API server writes it, handing over each item as soon as its last byte has come. The list itself
 * is never in memory: 500 pods have 7 MB as text, and several times that as objects. Returns the list without its items.
 */
export async function readJsonList(body: AsyncIterable<Buffer>, onItem: (item: unknown) => void): Promise<unknown> {
  const scanner = createScanner(onItem);
  for await (const chunk of body) scanner.feed(chunk);
  return JSON.parse(scanner.envelope());
}

interface Scanner {
  feed(chunk: Buffer): void;
  /** Everything but the items. */
  envelope(): string;
}

/** Counts brackets outside of strings; everything else is left to JSON.parse. */
function createScanner(onItem: (item: unknown) => void): Scanner {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let inItems = false;
  const envelope: Buffer[] = [];
  /** What earlier chunks had of the item that has begun. */
  let begun: Buffer[] = [];
  /** Where the item or the envelope begins or goes on in this chunk; undefined between two items. */
  let start: number | undefined;

  /** The place after the string's end, or after the chunk's. */
  function skipString(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at];
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) {
        inString = false;
        return at + 1;
      }
    }
    return chunk.length;
  }

  function open(chunk: Buffer, at: number): void {
    if (inItems && depth === ITEMS_DEPTH) start = at;
    depth += 1;
    if (inItems || depth !== ITEMS_DEPTH) return;
    const before = Buffer.concat([...envelope, chunk.subarray(start, at)]).toString();
    if (!/"items"\s*:\s*$/.test(before)) return;
    envelope.push(Buffer.from(chunk.subarray(start, at + 1)));
    inItems = true;
    start = undefined;
  }

  function close(chunk: Buffer, at: number): void {
    depth -= 1;
    if (!inItems || depth > ITEMS_DEPTH) return;
    if (depth === ITEMS_DEPTH) {
      const end = chunk.subarray(start, at + 1);
      onItem(JSON.parse((begun.length === 0 ? end : Buffer.concat([...begun, end])).toString()));
      begun = [];
      start = undefined;
      return;
    }
    inItems = false;
    start = at;
  }

  /** The place of the next byte to look at. */
  function step(chunk: Buffer, at: number): number {
    const byte = chunk[at] ?? 0;
    if (byte === QUOTE) {
      inString = true;
      return skipString(chunk, at + 1);
    }
    if (OPENING[byte]) open(chunk, at);
    else if (CLOSING[byte]) close(chunk, at);
    return at + 1;
  }

  return {
    feed(chunk) {
      start = inItems && depth === ITEMS_DEPTH ? undefined : 0;
      let at = inString ? skipString(chunk, 0) : 0;
      while (at < chunk.length) at = step(chunk, at);
      if (start === undefined) return;
      if (inItems) begun.push(chunk.subarray(start));
      else envelope.push(Buffer.from(chunk.subarray(start)));
    },
    envelope: () => Buffer.concat(envelope).toString(),
  };
}
