import { setTimeout as delay } from 'node:timers/promises';
import type { RawClient } from '../cluster/http-client.ts';
import type { KubeObject } from '../cluster/types.ts';

type Observe = (type: 'ADDED' | 'MODIFIED' | 'DELETED', pod: KubeObject) => void;

const PODS = '/api/v1/pods';
const PAUSE_MS = 100;

async function followOnce(client: RawClient, signal: AbortSignal, observe: Observe): Promise<void> {
  const { body, status } = await client.request('GET', PODS, { signal });
  if (status !== 200) throw new Error(`listing pods: ${JSON.stringify(body)}`);
  for (const pod of body.items) observe('ADDED', { apiVersion: 'v1', kind: 'Pod', ...pod });
  const path = `${PODS}?watch=1&resourceVersion=${body.metadata.resourceVersion}`;
  for await (const event of client.lines(path, signal)) {
    if (event.type === 'ERROR') return;
    observe(event.type, event.object);
  }
}

/** Reports every pod and each change of one, until aborted; starts over where the watch ends. */
export async function followPods(client: RawClient, signal: AbortSignal, observe: Observe): Promise<void> {
  while (!signal.aborted) {
    try {
      await followOnce(client, signal, observe);
    } catch (error) {
      if (signal.aborted) return;
      // A server that is restarting must not be asked in a tight loop.
      await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      if (!isConnectionLoss(error)) throw error;
    }
  }
}

const isConnectionLoss = (error: unknown) =>
  error instanceof Error && ['ECONNREFUSED', 'ECONNRESET'].includes((error as NodeJS.ErrnoException).code ?? '');
