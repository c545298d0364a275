import { type Dispatcher, request } from 'undici';
import { DomainError } from '../errors.ts';
import { during, type Facts } from '../telemetry/work.ts';
import { type ApiStatus, errorOf, type Question, unreachable, type Verb } from './api-error.ts';
import type { Connection } from './connection.ts';
import { withDeadline } from './deadline.ts';
import { pathOf } from './resources.ts';

export interface RestCall extends Question {
  query?: Record<string, string | number | boolean | undefined> | undefined;
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** Default: the client's. For `open` it covers the time until the answer begins. */
  timeoutMs?: number | undefined;
}

/**
 * Calls to one API server. Errors: the domain errors of `cluster.ts` (GoneError and BusyError among the unavailable
 * ones), or the signal's own reason once it has aborted.
 */
export interface Rest {
  /** The whole answer, parsed. Its shape is the API server's promise, not checked here. */
  json<T>(call: RestCall): Promise<T>;
  /** The answer's bytes, reduced while they arrive; the deadline covers all of it. */
  bytes<T>(call: RestCall, reduce: (body: AsyncIterable<Buffer>) => Promise<T>): Promise<T>;
  /** The answer's bytes as they come, for as long as the signal lets them. */
  open(call: RestCall & { signal: AbortSignal }): Promise<AsyncIterable<Buffer>>;
  close(): Promise<void>;
}

type CallFacts = Facts['clusterCall'];

const METHODS = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
} as const satisfies Record<Verb, Dispatcher.HttpMethod>;
const MAX_ERROR_BYTES = 65_536;
/** A kept connection that the server had already closed. Only what changes nothing is sent again. */
const STALE_CONNECTION = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

export function createRest(
  connection: Connection,
  { timeoutMs = 10_000 }: { timeoutMs?: number | undefined } = {},
): Rest {
  const within = async <T>(call: RestCall, run: (signal: AbortSignal, facts: CallFacts) => Promise<T>): Promise<T> => {
    const { verb, type, subresource, namespace } = call;
    const facts: CallFacts = { verb, method: METHODS[verb], resource: type.resource, subresource, namespace };
    try {
      return await during('clusterCall', facts, () =>
        withDeadline(call.timeoutMs ?? timeoutMs, call.signal, (signal) => run(signal, facts)),
      );
    } catch (error) {
      call.signal?.throwIfAborted();
      throw error instanceof DomainError ? error : unreachable(call, error);
    }
  };
  const send = async (call: RestCall, signal: AbortSignal, facts: CallFacts) => {
    const answer = await exchange(connection, call, signal);
    facts.status = answer.statusCode;
    return accepted(call, answer);
  };

  return {
    json: (call) =>
      within(call, async (signal, facts) => JSON.parse(await (await send(call, signal, facts)).body.text())),
    bytes: (call, reduce) => within(call, async (signal, facts) => reduce((await send(call, signal, facts)).body)),
    open: (call) => within(call, async (_, facts) => (await send(call, call.signal, facts)).body),
    close: () => connection.close(),
  };
}

/** The answer where it is 2xx; else its error. */
async function accepted(call: RestCall, answer: Dispatcher.ResponseData): Promise<Dispatcher.ResponseData> {
  // An abort between two reads would otherwise be an error event that nobody hears.
  answer.body.on('error', () => {});
  if (answer.statusCode >= 200 && answer.statusCode < 300) return answer;
  const retryAfterMs = 1000 * (Number.parseInt(String(answer.headers['retry-after']), 10) || 0);
  throw errorOf(call, answer.statusCode, await readStatus(answer.body), retryAfterMs);
}

async function exchange(connection: Connection, call: RestCall, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
  const once = async () => {
    const { headers, dispatcher } = await connection.prepare();
    return request(`${connection.server}${pathOf(call)}${queryOf(call.query)}`, {
      dispatcher,
      signal,
      method: METHODS[call.verb],
      headers: { ...headers, ...contentHeaders(call), accept: 'application/json', 'user-agent': 'opsbot' },
      body: call.body === undefined ? null : JSON.stringify(call.body),
    });
  };
  try {
    return await once();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (METHODS[call.verb] !== 'GET' || !STALE_CONNECTION.has(code) || signal.aborted) throw error;
    return once();
  }
}

function contentHeaders(call: RestCall): Record<string, string> {
  if (call.body === undefined) return {};
  return { 'content-type': call.verb === 'patch' ? 'application/merge-patch+json' : 'application/json' };
}

function queryOf(query: RestCall['query'] = {}): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? '' : `?${given}`;
}

/** Whatever is no Status (a proxy's HTML, say) is left out. */
async function readStatus(body: AsyncIterable<Buffer>): Promise<ApiStatus> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > MAX_ERROR_BYTES) return {};
      chunks.push(chunk);
    }
    const parsed: unknown = JSON.parse(Buffer.concat(chunks).toString());
    return isStatus(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function isStatus(value: unknown): value is ApiStatus {
  if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== 'Status') return false;
  return !('message' in value) || typeof value.message === 'string';
}
