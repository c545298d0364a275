import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Exchange {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  /** Header names and values as they came, repetitions included. */
  rawHeaders: string[];
  body: string;
  /** Ends the exchange with a JSON body. */
  json(status: number, body: unknown, headers?: Record<string, string>): void;
  /** Ends it with an error as the API server writes it. */
  fail(code: number, message: string, reason?: string): void;
  /** Answers 200 and leaves the body open. */
  stream(): Stream;
  res: ServerResponse;
}

export interface Stream {
  event(type: string, object: unknown): void;
  bytes(data: Buffer | string): void;
  end(): void;
  /** Breaks the connection. */
  cut(): void;
  /** Resolves when the other side has gone. */
  closed: Promise<unknown>;
}

export interface ScriptedServer {
  url: string;
  seen: Exchange[];
  connections(): number;
  close(): Promise<void>;
}

/** An HTTP server whose every answer is given by the test. */
export async function startScriptedServer(
  answer: (exchange: Exchange, index: number) => void,
): Promise<ScriptedServer> {
  const seen: Exchange[] = [];
  let connections = 0;
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const exchange = exchangeOf(req, res, Buffer.concat(chunks).toString());
      seen.push(exchange);
      answer(exchange, seen.length - 1);
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    connections: () => connections,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function exchangeOf(req: IncomingMessage, res: ServerResponse, body: string): Exchange {
  const url = new URL(req.url ?? '/', 'http://server');
  const json = (status: number, value: unknown, headers: Record<string, string> = {}) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers });
    res.end(JSON.stringify(value));
  };
  return {
    method: req.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: req.headers,
    rawHeaders: req.rawHeaders,
    body,
    json,
    fail: (code, message, reason = '') => json(code, { kind: 'Status', status: 'Failure', code, message, reason }),
    stream() {
      res.writeHead(200, { 'content-type': 'application/json' });
      res.flushHeaders();
      return {
        event: (type, object) => res.write(`${JSON.stringify({ type, object })}\n`),
        bytes: (data) => res.write(data),
        end: () => res.end(),
        cut: () => res.destroy(),
        closed: once(res, 'close'),
      };
    },
    res,
  };
}
