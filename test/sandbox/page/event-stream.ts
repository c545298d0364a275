import type { ServerResponse } from 'node:http';

/** bytes that may wait for a window: more than any page is in one piece, and a window that reads has none for long. */
const MOST_WAITING = 32 * 1024 * 1024;

/** Server-sent events to one window. One that has stopped reading is cut off; when it goes on it connects again. */
export interface EventStream {
  send(event: string, data: unknown): void;
  onClose(listener: () => void): void;
  end(): void;
}

export function openEventStream(response: ServerResponse, headers: Record<string, string>): EventStream {
  response.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8' });
  response.write('retry: 500\n\n');
  return {
    send(event, data) {
      if (response.writableLength > MOST_WAITING) response.destroy();
      else response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    onClose: (listener) => void response.once('close', listener),
    end: () => void response.end(),
  };
}
