import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Scheduler } from '../scheduler.ts';
import type { Fault } from './faults.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A response that is thrown away: the work is done, and the connection is cut where the answer would start. */
function withoutAnswer(request: IncomingMessage, response: ServerResponse): ServerResponse {
  const cut = () => {
    request.socket.destroy();
    return response;
  };
  response.writeHead = cut;
  response.end = cut;
  return response;
}

const until = (scheduler: Scheduler, ms: number) => new Promise<void>((resolve) => scheduler.after(ms, resolve));

/** Puts the fault that is due between the client and the handler. */
export function withFaults(
  handler: Handler,
  take: (request: IncomingMessage) => Fault | undefined,
  scheduler: Scheduler,
): Handler {
  return async (request, response) => {
    const fault = take(request);
    switch (fault?.kind) {
      case undefined:
        return handler(request, response);
      case 'answer':
        request.resume();
        response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
        response.end(fault.body === undefined ? '' : JSON.stringify(fault.body));
        return;
      case 'hang':
        return;
      case 'cut':
        request.socket.destroy();
        return;
      case 'delay':
        await until(scheduler, fault.ms);
        return handler(request, response);
      case 'drop answer':
        return handler(request, withoutAnswer(request, response));
    }
  };
}

/** An HTTP server on the loopback interface that comes back on the port it had. */
export function createHttpServer(handler: Handler) {
  let server: Server | undefined;
  let port = 0;
  return {
    url: () => `http://127.0.0.1:${port}`,
    async start(): Promise<void> {
      if (server) return;
      server = createServer((request, response) => {
        handler(request, response).catch((error) => response.destroy(error));
      });
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      port = (server.address() as AddressInfo).port;
    },
    /** Ends at once: whoever is connected is cut off. */
    async stop(): Promise<void> {
      const stopping = server;
      if (stopping === undefined) return;
      server = undefined;
      const closed = once(stopping, 'close');
      stopping.close();
      stopping.closeAllConnections();
      await closed;
    },
  };
}
