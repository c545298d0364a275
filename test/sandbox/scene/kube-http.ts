import { request } from 'undici';
import { createConnection } from '../../../src/kubernetes/connection.ts';

export interface KubeAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the API server says
  body: any;
}

export interface KubeHttp {
  server: string;
  send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<KubeAnswer>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;

/** Plain calls to the cluster of a kubeconfig, with its credentials, whatever they are. */
export function createKubeHttp(kubeconfig: string): KubeHttp {
  const connection = createConnection({ kubeconfig });
  return {
    server: connection.server,
    async send(method, path, body) {
      const { headers, dispatcher } = await connection.prepare();
      const answer = await request(`${connection.server}${path}`, {
        ...{ method, dispatcher },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { ...headers, 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const text = await answer.body.text();
      return { status: answer.statusCode, body: text.startsWith('{') ? JSON.parse(text) : { message: text } };
    },
    close: () => connection.close(),
  };
}
