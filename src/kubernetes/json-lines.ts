/** Above the largest object that etcd takes, many times over. */
const MAX_LINE_BYTES = 64 * 1_048_576;
const NEWLINE = 0x0a;

/**
 * The values of a stream of JSON lines. Lines are put together as bytes, so a character that two chunks share stays
 * whole. A last line without its newline was cut off and is left out. Throws on a line that is no JSON.
 */
export async function* jsonLines(body: AsyncIterable<Buffer>): AsyncGenerator<unknown> {
  let begun: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const rest = chunk.subarray(start, end);
      const line = begun.length === 0 ? rest : Buffer.concat([...begun, rest]);
      begun = [];
      size = 0;
      start = end + 1;
      if (line.length > 0) yield JSON.parse(line.toString());
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
    size += chunk.length - start;
    if (size > MAX_LINE_BYTES) throw new Error(`a line of the stream is longer than ${MAX_LINE_BYTES} bytes`);
  }
}
