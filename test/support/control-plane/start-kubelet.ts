import { createRawClient, type Endpoint } from '../cluster/http-client.ts';
import { createKubelet, type Kubelet } from '../cluster/kubelet/kubelet.ts';
import { type Pace, TEST_PACE } from '../cluster/kubelet/next-step.ts';
import { createNodeReports, type NodeHealth, nodeManifest, type Pressure } from '../cluster/nodes.ts';
import { pathOf, resourceOf } from '../cluster/resources.ts';
import { realScheduler } from '../cluster/scheduler.ts';
import type { Json } from '../cluster/types.ts';
import { bodyOf, createKubeletApi } from './api-kubelet.ts';
import { followPods } from './follow-pods.ts';
import { startLogServer } from './log-server.ts';

export interface KubeletStandInOptions {
  endpoint: Endpoint;
  /** Names of the nodes it registers, and takes away again when it stops. */
  nodes: string[];
  nodeLabels?: Record<string, string>;
  /** Which namespaces' pods are its own, where several stand-ins share one API server; default: all. */
  accepts?: (namespace: string) => boolean;
  pace?: Pace;
}

export interface KubeletStandIn {
  kubelet: Kubelet;
  setNodeReady(name: string, ready: NodeHealth['ready']): Promise<void>;
  setPressure(name: string, type: Pressure, on: boolean): Promise<void>;
  /** Throws what went wrong meanwhile. */
  stop(): Promise<void>;
}

const NODES = resourceOf('nodes');

/** Stands in for the scheduler and the kubelets of a real control plane. */
export async function startKubelet(options: KubeletStandInOptions): Promise<KubeletStandIn> {
  const { endpoint, nodes, nodeLabels = {}, accepts = () => true, pace = TEST_PACE } = options;
  const client = createRawClient(endpoint);
  const stopping = new AbortController();
  const errors: unknown[] = [];
  const onError = (error: unknown) => void (stopping.signal.aborted || errors.push(error));
  const api = createKubeletApi(client);
  const kubelet = createKubelet({ api, scheduler: realScheduler, pace, nodes: () => nodes, onError });
  const server = await startLogServer(kubelet.logs, async (namespace, name) =>
    bodyOf(await client.request('GET', pathOf(resourceOf('pods'), namespace, name))),
  );

  const reports = createNodeReports(() => Date.now());
  const write = async (name: string, report: Json) => {
    const status = {
      ...report,
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: server.port } },
    };
    const path = `${pathOf(NODES, undefined, name)}/status`;
    const contentType = 'application/merge-patch+json';
    bodyOf(await client.request('PATCH', path, { contentType, body: { status } }));
  };
  for (const name of nodes) {
    bodyOf(await client.request('POST', pathOf(NODES, undefined), { body: nodeManifest(name, nodeLabels) }));
    await write(name, reports.ready(name, 'True'));
  }
  const following = followPods(client, stopping.signal, (type, pod) => {
    if (accepts(pod.metadata.namespace ?? '')) kubelet.observe(type, pod);
  }).catch(onError);

  return {
    kubelet,
    async setNodeReady(name, ready) {
      await write(name, reports.ready(name, ready));
      await kubelet.setNodeFailed(name, ready !== 'True');
    },
    setPressure: (name, type, on) => write(name, reports.pressure(name, type, on)),
    async stop() {
      stopping.abort();
      kubelet.stop();
      await following;
      for (const name of nodes) await client.request('DELETE', pathOf(NODES, undefined, name));
      await server.stop();
      client.close();
      if (errors.length > 0) throw new AggregateError(errors, 'the kubelet stand-in had errors');
    },
  };
}
