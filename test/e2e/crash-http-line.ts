import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Gate, Line } from './crash-gate.ts';

/** Writes to Slack that people see, with the part of the request they show; and patches of the cluster. */
function stepOf(method: string | undefined, path: string, body: Buffer): string | undefined {
  if (method === 'PATCH') return 'cluster patched';
  const [, call] = /^\/api\/(chat\.\w+)$/.exec(path) ?? [];
  if (method !== 'POST' || call === undefined) return undefined;
  const metadata = JSON.parse(new URLSearchParams(body.toString()).get('metadata') ?? '{}');
  // The root message of an incident is named with the time at which it was first tried.
  const part = metadata.event_payload?.part?.replace(/^root-\d+$/, 'root');
  return [`slack ${call}`, part].filter(Boolean).join(' ');
}

/** Passes a process's HTTP calls on until the gate shuts; one that must not leave gets no answer. */
export async function startHttpLine(target: { url: string; ca?: string | undefined }, gate: Gate): Promise<Line> {
  const { origin, protocol } = new URL(target.url);
  const send = protocol === 'https:' ? httpsRequest : httpRequest;

  function forward(incoming: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const { method, url = '', headers } = incoming;
    const call = send(`${origin}${url}`, { method, headers, ca: target.ca, agent: false });
    response.on('close', () => call.destroy());
    call.on('error', () => response.destroy());
    call.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
    });
    call.end(body);
  }

  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming);
    const step = stepOf(incoming.method, incoming.url ?? '', body);
    if (gate.isShut || (step !== undefined && !gate.passes(step))) return;
    forward(incoming, body, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: target.url.replace(origin, `http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
