import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { createInterface } from 'node:readline';

export interface Endpoint {
  url: string;
  ca?: string | undefined;
  token?: string | undefined;
}

export interface RawAnswer {
  status: number;
  contentType: string;
  text: string;
  /** What came, be it text or not. */
  bytes: Buffer;
  /** The parsed body; undefined where it is no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server says
  body: any;
}

export interface RawOptions {
  body?: unknown;
  contentType?: string | undefined;
  signal?: AbortSignal | undefined;
}

export interface RawClient {
  request(method: string, path: string, options?: RawOptions): Promise<RawAnswer>;
  /** The watch's events, one JSON line each, until the server or the signal ends it. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server says
  lines(path: string, signal: AbortSignal): AsyncIterable<any>;
  close(): void;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function read(response: IncomingMessage): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString();
  const contentType = response.headers['content-type'] ?? '';
  return { status: response.statusCode ?? 0, contentType, text, bytes, body: parse(text) };
}

/** Plain HTTP(S) with nothing between the test and the API server. */
export function createRawClient({ url, ca, token }: Endpoint): RawClient {
  const secure = url.startsWith('https:');
  const agent = secure ? new HttpsAgent({ keepAlive: true, ca }) : new HttpAgent({ keepAlive: true });
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };

  const send = (method: string, path: string, { body, contentType, signal }: RawOptions = {}) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
      const content =
        payload === undefined
          ? {}
          : { 'content-type': contentType ?? 'application/json', 'content-length': Buffer.byteLength(payload) };
      const start = secure ? httpsRequest : httpRequest;
      const call = start(new URL(path, url), { method, agent, signal, headers: { ...headers, ...content } });
      call.once('response', resolve).once('error', reject);
      call.end(payload);
    });

  return {
    async request(method, path, options) {
      return await read(await send(method, path, options));
    },
    async *lines(path, signal) {
      const response = await send('GET', path, { signal });
      if (response.statusCode !== 200) throw new Error(`watch ${path}: ${JSON.stringify((await read(response)).body)}`);
      try {
        for await (const line of createInterface({ input: response })) if (line !== '') yield JSON.parse(line);
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        response.destroy();
      }
    },
    close: () => agent.destroy(),
  };
}
