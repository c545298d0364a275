import { onTestFinished, vi } from 'vitest';
import { createSnapshot, type LiveSnapshot, type SnapshotOptions } from '../../src/kubernetes/snapshot.ts';
import { restTo } from './scripted-rest.ts';
import { type ScriptedServer, type Stream, startScriptedServer } from './scripted-server.ts';

export interface WatchedCluster {
  snapshot: LiveSnapshot;
  server: ScriptedServer;
  /** The watch of a resource path that was opened since the last list. */
  watch(path: string): Promise<Stream>;
}

/** `lists`: items by path, read at each list. A path that is not there may not be listed. */
export async function watchCluster(
  lists: Record<string, object[]>,
  options: Partial<SnapshotOptions> = {},
): Promise<WatchedCluster> {
  const streams = new Map<string, Stream>();
  const server = await startScriptedServer((exchange) => {
    const items = lists[exchange.path];
    if (!items) exchange.fail(403, 'no', 'Forbidden');
    else if (exchange.query.get('watch')) streams.set(exchange.path, exchange.stream());
    else {
      streams.delete(exchange.path);
      exchange.json(200, { metadata: { resourceVersion: '10' }, items });
    }
  });
  const rest = restTo(server.url);
  const snapshot = createSnapshot({
    rest,
    cluster: 'test',
    namespaces: ['*'],
    timings: { backoffBase: 5 },
    ...options,
  });
  const controller = new AbortController();
  snapshot.start(controller.signal);
  onTestFinished(async () => {
    await snapshot.close();
    await rest.close();
    await server.close();
  });
  return {
    snapshot,
    server,
    watch: (path) =>
      vi.waitFor(() => streams.get(path) ?? Promise.reject(new Error(`no watch of ${path}`)), { interval: 5 }),
  };
}

export const meta = (name: string, namespace = 'shop', more: object = {}) => ({
  name,
  namespace,
  uid: `uid-${namespace}-${name}`,
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
  ...more,
});
export const ownedBy = (kind: string, name: string, namespace = 'shop') => ({
  ownerReferences: [{ kind, name, uid: `uid-${namespace}-${name}`, controller: true }],
});
export const pod = (name: string, more: object = {}, namespace = 'shop') => ({
  metadata: meta(name, namespace, more),
  spec: { nodeName: 'node-1', containers: [{ name: 'app' }] },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [{ name: 'app', ready: true, restartCount: 0, state: { running: {} } }],
  },
});
/** A pod whose container waits to be started again after a crash. */
export const crashing = (...args: Parameters<typeof pod>) => ({
  ...pod(...args),
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [
      {
        name: 'app',
        ready: false,
        restartCount: 2,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'words of the kubelet' } },
      },
    ],
  },
});
export const EMPTY = {
  '/api/v1/pods': [],
  '/api/v1/nodes': [],
  '/api/v1/namespaces': [],
  '/apis/apps/v1/deployments': [],
  '/apis/apps/v1/statefulsets': [],
  '/apis/apps/v1/daemonsets': [],
  '/apis/apps/v1/replicasets': [],
  '/apis/autoscaling/v1/horizontalpodautoscalers': [],
  '/apis/batch/v1/jobs': [],
};
