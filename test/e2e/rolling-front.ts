import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fleet, isReady, type Replica } from './rolling-fleet.ts';

/** How long it takes until the front has noticed, in ms: a Service's endpoints are no faster. */
const NOTICES_AFTER_MS = 500;

/** A Service: hands requests to the replicas that were ready when it looked last, in turn. */
export async function startFront(fleet: Fleet) {
  let ready: Replica[] = [];
  let turn = 0;
  const look = async () => {
    const known = [...fleet.replicas];
    const answers = await Promise.all(known.map(isReady));
    ready = known.filter((_, at) => answers[at]);
  };
  const server = createServer((incoming, response) => {
    const chosen = ready[turn++ % ready.length];
    if (chosen) handOn(incoming, response, chosen);
    else response.writeHead(503).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await look();
  const looking = setInterval(() => void look(), NOTICES_AFTER_MS);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`,
    close() {
      clearInterval(looking);
      server.close();
    },
  };
}

function handOn(incoming: IncomingMessage, response: ServerResponse, { slack }: Replica): void {
  const { method, headers, url = '/' } = incoming;
  const outgoing = request(new URL(url, slack), { method, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.writeHead(502).end());
  incoming.pipe(outgoing);
}
