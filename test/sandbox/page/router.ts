import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../../support/slack/http-body.ts';
import type { Answers } from './answers.ts';
import { openEventStream } from './event-stream.ts';
import type { Reading } from './reading.ts';
import { HEADERS } from './shell.ts';
import type { Windows } from './windows.ts';

export interface RouterOptions {
  read: Reading;
  answer: Answers;
  windows: Windows;
  players: readonly string[];
}

/** Every request to the page. */
export function createRouter({ read, answer, windows, players }: RouterOptions) {
  async function post(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answered = await answer(path, (await readBody(request)).toString('utf8'));
    if (!answered) return notFound(response);
    send(response, 200, 'application/json; charset=utf-8', JSON.stringify(answered));
  }

  function get({ pathname, searchParams }: URL, response: ServerResponse): void {
    const name = searchParams.get('as') ?? '';
    const isPlayer = pathname === '/events' && players.includes(name);
    const found = isPlayer ? undefined : read(pathname);
    if (isPlayer) windows.open(name, openEventStream(response, HEADERS));
    else if (found) send(response, 200, found.type, found.body);
    else notFound(response);
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    const url = URL.parse(request.url ?? '/', 'http://localhost');
    if (!isOurs(request)) send(response, 403, 'text/plain', 'This page is for the browsers of its machine alone.');
    else if (!url)
      notFound(response); // `//`, for one
    else if (request.method === 'GET') get(url, response);
    else post(url.pathname, request, response).catch(() => response.destroy());
  };
}

/** Other pages of the browser must neither read this one (by a name that leads to this machine) nor act on it. */
function isOurs({ headers, method, socket }: IncomingMessage): boolean {
  const hosts = [`localhost:${socket.localPort}`, `127.0.0.1:${socket.localPort}`];
  if (!hosts.includes(headers.host ?? '')) return false;
  if (method === 'GET') return true;
  const isJson = headers['content-type']?.startsWith('application/json') ?? false;
  return method === 'POST' && isJson && headers.origin === `http://${headers.host}`;
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response.writeHead(status, { ...HEADERS, 'content-type': type }).end(body);
}

const notFound = (response: ServerResponse) => send(response, 404, 'text/plain', 'There is nothing here.');
