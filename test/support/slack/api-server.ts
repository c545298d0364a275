import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from './api-error.ts';
import type { Fault, Faults } from './faults.ts';
import { parseArgs, readBody, uploadedBytes } from './http-body.ts';
import type { RateLimits } from './rate-limits.ts';
import { respond } from './response-url.ts';
import type { Tokens } from './tokens.ts';
import type { Json } from './types.ts';
import type { Caller, Method } from './web-api/method.ts';
import { requireScope } from './web-api/method.ts';
import type { World } from './world.ts';

interface Context {
  world: World;
  methods: ReadonlyMap<string, Method>;
  tokens: Tokens;
  faults: Faults;
  rateLimits: RateLimits;
}

interface Answer {
  status: number;
  body: Json | string;
  headers?: Record<string, string>;
}

const ratelimited = (seconds: number): Answer => ({
  status: 429,
  body: { ok: false, error: 'ratelimited' },
  headers: { 'retry-after': String(seconds) },
});

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  const json = typeof body !== 'string';
  response.writeHead(status, { 'content-type': json ? 'application/json; charset=utf-8' : 'text/html', ...headers });
  response.end(json ? JSON.stringify(body) : body);
}

function admit(method: Method, caller: Caller): void {
  const wanted = method.token ?? 'bot';
  if (wanted !== 'any' && wanted !== caller.token) throw new ApiError('not_allowed_token_type');
  if (method.scope) requireScope(caller, method.scope);
}

/** Everything that the app calls over HTTP: the Web API, upload URLs and response_urls. */
export function createApiServer({ world, methods, tokens, faults, rateLimits }: Context) {
  const { journal, clock } = world;

  const refuse = (name: string, args: Json, error: ApiError): Answer => {
    const reasons = (error.extra.errors as string[] | undefined) ?? [];
    journal.violated({ kind: 'rejected-call', name, error: error.code, reasons, args });
    return { status: 200, body: { ok: false, error: error.code, ...error.extra } };
  };

  const run = (name: string, args: Json, token: string | undefined): Answer => {
    try {
      const method = methods.get(name);
      if (!method) throw new ApiError('unknown_method', { req_method: name });
      const caller = tokens.callerOf(token);
      admit(method, caller);
      const channel = typeof args.channel === 'string' ? args.channel : undefined;
      const wait = rateLimits.check({ method: name, tier: method.tier, token: token ?? '', channel });
      if (wait !== undefined) return ratelimited(wait);
      const headers = { 'x-oauth-scopes': [...caller.scopes].join(',') };
      return { status: 200, body: { ok: true, ...method.run({ world, caller, args }) }, headers };
    } catch (error) {
      if (error instanceof ApiError) return refuse(name, args, error);
      throw error;
    }
  };

  /** The answer, or nothing where none shall ever come; a cut connection is the answer `cut`. */
  const withFault = (fault: Fault | undefined, work: () => Answer): Answer | 'cut' | 'hang' => {
    switch (fault?.kind) {
      case undefined:
        return work();
      case 'ratelimited':
        return ratelimited(fault.retryAfter);
      case 'error500':
        return { status: 500, body: 'Internal Server Error' };
      case 'error':
        return { status: 200, body: { ok: false, error: fault.error } };
      case 'hang':
        return 'hang';
      case 'lose-question':
        return 'cut';
      case 'lose-answer':
        work();
        return 'cut';
    }
  };

  const api = async (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const at = clock.now();
    const { token: inBody, ...args } = parseArgs(url, request.headers['content-type'] ?? '', await readBody(request));
    const name = url.pathname.slice('/api/'.length);
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? (inBody as string | undefined);
    const fault = faults.take(name, args);
    const answer = withFault(fault, () => run(name, args, token));
    const shown = typeof answer === 'string' ? answer : structuredClone(answer.body);
    journal.write({
      at,
      kind: 'api',
      name,
      args,
      answer: shown,
      ms: clock.now() - at,
      ...(fault ? { fault: fault.kind } : {}),
    });
    if (answer === 'cut') request.socket.destroy();
    else if (answer !== 'hang') send(response, answer);
  };

  const upload = async (request: IncomingMessage, response: ServerResponse, id: string) => {
    const bytes = await uploadedBytes(request.headers['content-type'] ?? '', await readBody(request));
    const file = world.state.files.get(id);
    if (!file) return send(response, { status: 404, body: 'no such upload' });
    file.content = bytes;
    file.size = bytes.length;
    journal.write({ at: clock.now(), kind: 'upload', name: file.name, args: { id }, answer: bytes.length, ms: 0 });
    send(response, { status: 200, body: `OK - ${bytes.length}` });
  };

  const hook = async (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const at = clock.now();
    const args = parseArgs(url, request.headers['content-type'] ?? 'application/json', await readBody(request));
    const fault = faults.take('response_url', args);
    const answer = withFault(fault, (): Answer => {
      try {
        respond(world, url.pathname.slice('/response/'.length), args);
        return { status: 200, body: 'ok' };
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const reasons = (error.extra.errors as string[] | undefined) ?? [];
        journal.violated({ kind: 'response-url', name: 'response_url', error: error.code, reasons, args });
        return { status: error.code.endsWith('_url') ? 404 : 400, body: error.code };
      }
    });
    const shown = typeof answer === 'string' ? answer : structuredClone(answer.body);
    journal.write({ at, kind: 'response_url', name: 'response_url', args, answer: shown, ms: clock.now() - at });
    if (answer === 'cut') request.socket.destroy();
    else if (answer !== 'hang') send(response, answer);
  };

  const route = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname.startsWith('/api/')) return api(request, response, url);
    if (url.pathname.startsWith('/upload/')) return upload(request, response, url.pathname.slice('/upload/'.length));
    if (url.pathname.startsWith('/response/')) return hook(request, response, url);
    send(response, { status: 404, body: 'not found' });
  };

  return (request: IncomingMessage, response: ServerResponse): void => {
    route(request, response).catch((error: unknown) => {
      journal.violated({
        kind: 'rejected-call',
        name: request.url ?? '',
        error: 'internal_error',
        reasons: [String(error)],
        args: {},
      });
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, body: `the local Slack failed: ${String(error)}` });
    });
  };
}
