import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { parseLogQuery } from '../cluster/kubelet/log.ts';
import type { LogAnswer, Logs } from '../cluster/kubelet/logs.ts';
import type { KubeObject } from '../cluster/types.ts';
import { createCertificate } from './certificate.ts';

const PATH = /^\/containerLogs\/([^/]+)\/([^/]+)\/([^/]+)$/;

/** The kubelet's HTTPS endpoint, from which the API server fetches logs. */
export async function startLogServer(
  logs: Logs,
  findPod: (namespace: string, name: string) => Promise<KubeObject | undefined>,
): Promise<{ port: number; stop(): Promise<void> }> {
  const read = async (url: URL): Promise<LogAnswer | undefined> => {
    const [, namespace = '', name = '', container = ''] = PATH.exec(url.pathname) ?? [];
    const pod = await findPod(namespace, name);
    return pod && logs.read(pod, container, parseLogQuery(url.searchParams));
  };
  const server = createServer(createCertificate('kubelet'), (request, response) => {
    const url = new URL(request.url ?? '/', 'https://kubelet');
    read(url).then(
      (answer) => {
        const status = answer === undefined ? 404 : 'problem' in answer ? 400 : 200;
        response.writeHead(status, { 'content-type': 'text/plain' });
        response.end(answer === undefined ? 'no such pod' : 'problem' in answer ? answer.problem : answer.text);
      },
      (error) => response.destroy(error),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
