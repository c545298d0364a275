import { writeFileSync } from 'node:fs';
import type { Endpoint } from './http-client.ts';

function trust({ url, ca }: Endpoint): Record<string, unknown> {
  if (ca !== undefined) return { 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  // The official client refuses plain HTTP unless it is told that nothing is verified.
  return url.startsWith('http:') ? { 'insecure-skip-tls-verify': true } : {};
}

/**
 * A kubeconfig with one cluster, one user, one context. JSON is YAML, so every client reads it. `namespace`: the one that
 * whoever uses it counts as being in.
 */
export function writeKubeconfig(path: string, endpoint: Endpoint, namespace = 'default'): string {
  const { url, token } = endpoint;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server: url, ...trust(endpoint) } }],
    users: [{ name: 'test', user: token === undefined ? {} : { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace } }],
  };
  writeFileSync(path, JSON.stringify(config, null, 2), { mode: 0o600 });
  return path;
}
