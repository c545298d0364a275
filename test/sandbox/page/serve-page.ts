import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sandbox } from '../start-sandbox.ts';
import { createAnswers } from './answers.ts';
import type { Asset } from './bundle-page.ts';
import { createReadMarks } from './read-marks.ts';
import { createReading } from './reading.ts';
import { createRouter } from './router.ts';
import { watchTraffic } from './traffic.ts';
import { createWindows } from './windows.ts';

export interface Page extends AsyncDisposable {
  url: string;
}

export interface PageOptions {
  sandbox: Sandbox;
  /** What bundlePage has made. */
  assets: ReadonlyMap<string, Asset>;
  /** Names of those whom it may be used as. */
  players: readonly string[];
  /** Taken where it is free; else, and by default, any. */
  port?: number;
}

/** The page of the sandbox, for the browsers of this machine alone. */
export async function servePage({ sandbox, assets, players, port = 0 }: PageOptions): Promise<Page> {
  const marks = createReadMarks();
  const traffic = watchTraffic(sandbox.slack);
  const windows = createWindows({ sandbox, marks, traffic, players });
  const read = createReading({ assets, traffic, files: sandbox.slack.state.files });
  const server = createServer(
    createRouter({ read, answer: createAnswers({ sandbox, marks, players }), windows, players }),
  );
  await listen(server, port);
  const { port: taken } = server.address() as AddressInfo;

  return {
    url: `http://localhost:${taken}/`,
    async [Symbol.asyncDispose]() {
      windows.close();
      traffic.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' || port === 0) return reject(error);
      listen(server, 0).then(resolve, reject);
    });
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
