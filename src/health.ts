import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';

/** What readiness depends on, by name; undefined where all is well, else what is wrong. */
export type ReadinessChecks = Record<string, () => string | undefined | Promise<string | undefined>>;

export interface HealthServer {
  /** 0 where it is off. */
  port: number;
  close(): Promise<void>;
}

async function problemsOf(checks: ReadinessChecks): Promise<Record<string, string>> {
  const found = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const problem = await Promise.resolve()
        .then(check)
        .catch(() => 'does not answer');
      return problem === undefined ? [] : [[name, problem] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}

/** `/healthz`: the process lives. `/readyz`: it can do its work; else 503 and which part cannot. `port` 0 turns it off. */
export async function startHealthServer(port: number, checks: ReadinessChecks, logger: Logger): Promise<HealthServer> {
  if (port === 0) return { port: 0, close: async () => undefined };
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
    if (request.url === '/healthz') {
      answer(200, { status: 'ok' });
    } else if (request.url === '/readyz') {
      problemsOf(checks).then(
        (problems) => {
          const ready = Object.keys(problems).length === 0;
          answer(ready ? 200 : 503, ready ? { status: 'ok' } : { status: 'not ready', problems });
        },
        (err: unknown) => {
          logger.error({ err }, 'readiness');
          answer(500, { status: 'error' });
        },
      );
    } else {
      answer(404, { status: 'not found' });
    }
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
