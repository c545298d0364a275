import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';

/** What is wrong with a part. `bearable`: no reason to take nothing any more, if only to say what is wrong. */
export type Problem = string | { bearable: string };

/** What readiness depends on, by name; undefined where all is well. */
export type ReadinessChecks = Record<string, () => Problem | undefined | Promise<Problem | undefined>>;

export interface HttpServerOptions {
  /** 0 turns it off. */
  port: number;
  checks: ReadinessChecks;
  /** What Prometheus reads. */
  metrics(): Promise<{ contentType: string; text: string }>;
  logger: Logger;
}

export interface HttpServer {
  /** 0 where it is off. */
  port: number;
  close(): Promise<void>;
}

/** What is wrong with each part, by name; undefined where it can do its work. */
export async function problemsOf(checks: ReadinessChecks): Promise<Record<string, Problem | undefined>> {
  const found = Object.entries(checks).map(async ([name, check]) => {
    const problem = await Promise.resolve()
      .then(check)
      .catch(() => 'does not answer');
    return [name, problem] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

/**
 * For whoever runs opsbot. `/healthz`: the process lives. `/readyz`: which parts cannot do their work, and why; 503 where
 * one of them leaves nothing for the process to do.
 * `/metrics`: what it measures, for Prometheus. None of them asks who is asking: the network has to.
 */
export async function startHttpServer({ port, checks, metrics, logger }: HttpServerOptions): Promise<HttpServer> {
  if (port === 0) return { port: 0, close: async () => undefined };
  const pages: Record<string, (response: ServerResponse) => Promise<void>> = {
    '/healthz': async (response) => answer(response, 200, { status: 'ok' }),
    async '/readyz'(response) {
      const found = Object.entries(await problemsOf(checks)).flatMap(([name, problem]) =>
        problem ? [{ name, problem }] : [],
      );
      const isReady = found.every(({ problem }) => typeof problem !== 'string');
      const problems = Object.fromEntries(found.map(({ name, problem }) => [name, wordsOf(problem)]));
      const told = found.length === 0 ? {} : { problems };
      answer(response, isReady ? 200 : 503, { status: isReady ? 'ok' : 'not ready', ...told });
    },
    async '/metrics'(response) {
      const { contentType, text } = await metrics();
      response.writeHead(200, { 'content-type': contentType }).end(text);
    },
  };
  const server = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (page === undefined) return answer(response, 404, { status: 'not found' });
    page(response).catch((err: unknown) => {
      logger.error({ err, path }, 'a page for whoever runs opsbot failed');
      answer(response, 500, { status: 'error' });
    });
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, resolve);
  await promise;
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function wordsOf(problem: Problem): string {
  return typeof problem === 'string' ? problem : problem.bearable;
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}
