import type { LogOptions } from './cluster.ts';
import { PODS } from './resources.ts';
import type { Rest } from './rest.ts';

/** More than anybody reads; it only keeps a runaway log out of memory. */
const DEFAULT_LIMIT_BYTES = 1_048_576;

interface LogCall {
  namespace: string;
  pod: string;
  log: LogOptions;
  signal: AbortSignal | undefined;
  timeoutMs: number;
}

/** InputError with the API server's own reason where there is no log (yet), or no such container. */
export function readPodLog(rest: Rest, { namespace, pod, log, signal, timeoutMs }: LogCall): Promise<string> {
  const { container, tail, sinceSeconds, previous, limitBytes = DEFAULT_LIMIT_BYTES } = log;
  // The API's own limitBytes keeps the beginning; people want the end.
  const query = { container, tailLines: tail, sinceSeconds, previous: previous || undefined };
  return rest.bytes(
    { verb: 'get', type: PODS, namespace, name: pod, subresource: 'log', query, signal, timeoutMs },
    (body) => readEnd(body, limitBytes),
  );
}

/** The last `limit` bytes as text; where something is cut off, it begins with a whole line. */
export async function readEnd(body: AsyncIterable<Buffer>, limit: number): Promise<string> {
  let chunks: Buffer[] = [];
  let size = 0;
  let isCut = false;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    // Not at every chunk: that would copy what is kept again and again.
    if (size <= 2 * limit) continue;
    chunks = [Buffer.concat(chunks).subarray(-limit)];
    size = limit;
    isCut = true;
  }
  const all = Buffer.concat(chunks);
  if (!isCut && size <= limit) return all.toString();
  const end = all.subarray(-limit);
  const newline = end.indexOf(0x0a);
  return end.subarray(newline === -1 || newline === end.length - 1 ? 0 : newline + 1).toString();
}
