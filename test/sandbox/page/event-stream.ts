import type { ServerResponse } from 'node:http';

/** Server-sent events to one window. */
export interface EventStream {
  send(event: string, data: unknown): void;
  onClose(listener: () => void): void;
  end(): void;
}

export function openEventStream(response: ServerResponse, headers: Record<string, string>): EventStream {
  response.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8' });
  response.write('retry: 500\n\n');
  return {
    send: (event, data) => void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    onClose: (listener) => void response.once('close', listener),
    end: () => void response.end(),
  };
}
