import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logs } from '../kubelet/logs.ts';
import { methodNotAllowed, noSuchPath, StatusError, unauthorized } from '../status-error.ts';
import { authorize, type Rule, reviewAccess, type User } from './access.ts';
import { type Body, parseJson, readBody } from './body.ts';
import { discover } from './discovery.ts';
import { listText, refusedFuture } from './list.ts';
import { podLog } from './pod-log.ts';
import { parseRequest, type ResourceRequest } from './request-info.ts';
import { scaleOf } from './scale.ts';
import { objectText } from './serialize.ts';
import { serveWatch, type WatchContext } from './watch.ts';
import { isWrite, serveWrite, type WriteContext } from './writes.ts';

export interface ApiContext extends WriteContext, WatchContext {
  logs: Logs;
  /** Whose token this is; undefined: nobody's. */
  userOf(token: string | undefined): User | undefined;
  denied(): readonly Rule[];
}

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const PLAIN = 'text/plain; charset=utf-8';

function send(response: ServerResponse, status: number, text: string | Buffer, contentType = 'application/json'): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

function serveOne({ objects, logs }: ApiContext, request: ResourceRequest, url: URL, response: ServerResponse): void {
  const { resource, namespace, name = '', subresource } = request;
  const object = objects.mustGet(resource, namespace, name);
  if (subresource === undefined || (subresource === 'status' && resource.status)) {
    send(response, 200, objectText(object));
  } else if (subresource === 'scale' && resource.scale) {
    send(response, 200, JSON.stringify(scaleOf(object)));
  } else if (subresource === 'log' && resource.plural === 'pods') {
    const text = podLog(object, url.searchParams, logs);
    if (text === undefined) response.writeHead(204).end();
    else send(response, 200, text, 'text/plain');
  } else {
    throw noSuchPath();
  }
}

/** ms that a list waits for a version to come before it is refused. */
const FRESH_WITHIN = 3_000;

function serveList(
  context: ApiContext,
  request: ResourceRequest,
  query: URLSearchParams,
  response: ServerResponse,
): void {
  const refused = refusedFuture(context.store, query);
  if (refused === undefined) {
    send(response, 200, listText(context.store, request, query));
    return;
  }
  const wait = refused.body.code === 504 ? FRESH_WITHIN : 0;
  context.scheduler.after(wait, () => send(response, refused.body.code, `${JSON.stringify(refused.body)}\n`));
}

function serveResource(
  context: ApiContext,
  request: ResourceRequest,
  url: URL,
  user: User,
  body: Body,
  response: ServerResponse,
) {
  authorize(user, context.denied(), request);
  if (isWrite(request.verb)) {
    const { status, text } = serveWrite(context, request, body, { user: user.name, path: url.pathname });
    return send(response, status, text);
  }
  if (request.verb === 'watch') return serveWatch(context, request, { url, user: user.name }, response);
  if (request.verb === 'list') return serveList(context, request, url.searchParams, response);
  return serveOne(context, request, url, response);
}

function serveOther(
  context: ApiContext,
  method: string,
  url: URL,
  user: User,
  body: Body,
  response: ServerResponse,
): void {
  if (url.pathname === REVIEWS && method === 'POST') {
    const review = reviewAccess(user, context.denied(), parseJson(body.text));
    send(response, 201, JSON.stringify(review));
    return;
  }
  const healthy = ['/healthz', '/livez', '/readyz'].includes(url.pathname);
  const found = method === 'GET' ? discover(url.pathname) : undefined;
  if (healthy) return void send(response, 200, 'ok', PLAIN);
  if (found !== undefined) return void send(response, 200, JSON.stringify(found));
  if (discover(url.pathname.split('/').slice(0, 4).join('/')) !== undefined) throw noSuchPath();
  send(response, 404, '404 page not found', PLAIN);
}

function route(
  context: ApiContext,
  method: string,
  url: URL,
  user: User | undefined,
  body: Body,
  response: ServerResponse,
): void {
  if (user === undefined) throw unauthorized();
  const request = parseRequest(method, url);
  if (request === 'no verb') throw methodNotAllowed();
  if (request === 'no path') serveOther(context, method, url, user, body, response);
  else serveResource(context, request, url, user, body, response);
}

export const tokenOf = (request: IncomingMessage): string | undefined =>
  /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];

/** Serves one request; whatever is refused is answered with its Status. */
export async function serve(context: ApiContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  const url = new URL(request.url ?? '/', 'http://localhost');
  try {
    route(context, request.method ?? 'GET', url, context.userOf(tokenOf(request)), body, response);
  } catch (error) {
    const refused = error instanceof StatusError ? error : new StatusError(500, 'InternalError', String(error));
    send(response, refused.body.code, `${JSON.stringify(refused.body)}\n`);
  }
}
