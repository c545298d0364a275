import { setTimeout as delay } from 'node:timers/promises';
import type { Rule } from './api/access.ts';
import { createRawClient, type Endpoint, type RawAnswer, type RawClient, type RawOptions } from './http-client.ts';
import { belongsTo } from './kubelet/behaviour.ts';
import type { Kubelet } from './kubelet/kubelet.ts';
import type { LocalCluster } from './local-cluster-contract.ts';
import { pathOf, resourceOfKind } from './resources.ts';
import type { KubeObject, Manifest, Ref } from './types.ts';

/** A write to a workload, as the cluster itself has it on record. */
export interface SpecWrite {
  user: string;
  verb: 'create' | 'update' | 'patch' | 'delete';
  subresource: string | undefined;
  body: unknown;
  status: number;
}

/** What a test can do to the containers of a workload. */
export type Commands = Pick<
  Kubelet,
  'crash' | 'oom' | 'breakImage' | 'breakConfig' | 'failReadiness' | 'unschedulable' | 'freeze' | 'recover'
> & {
  setLogs: Kubelet['logs']['set'];
};

/** A running cluster, of whichever make. */
export interface Backend {
  kind: 'local' | 'real';
  endpoint: Endpoint;
  local: LocalCluster | undefined;
  commands: Commands;
  writesOf(ref: Ref): Promise<SpecWrite[]>;
  changesOf(ref: Ref): Promise<SpecWrite[]>;
  /** A user with no more than these rights. */
  restricted(rules: Rule[]): Promise<Endpoint>;
  kubeconfig(endpoint: Endpoint): string;
  newNamespace(): string;
  /** Adapts what is applied, e.g. so that a DaemonSet stays on the nodes of this test file. */
  adapt(manifest: Manifest): Manifest;
  failNode: LocalCluster['failNode'];
  recoverNode: LocalCluster['recoverNode'];
  pressure: LocalCluster['pressure'];
  nodes: string[];
  stop(): Promise<void>;
}

const POLL_MS = 20;

export type Kit = ReturnType<typeof createKit>;

/** The same verbs on every cluster. Usable once a backend is there, so inside of hooks and tests only. */
export function createKit(backend: () => Backend, client: () => RawClient) {
  const request = (method: string, path: string, options?: RawOptions): Promise<RawAnswer> =>
    client().request(method, path, options);

  const pathOfRef = ({ kind, namespace, name }: Ref) => pathOf(resourceOfKind(kind), namespace, name);

  const get = async (ref: Ref): Promise<KubeObject | undefined> => {
    const { status, body } = await request('GET', pathOfRef(ref));
    return status === 200 ? body : undefined;
  };

  const apply = async (manifest: Manifest): Promise<KubeObject> => {
    const body = backend().adapt(manifest);
    const { apiVersion, kind, metadata } = body;
    const { namespace, name = '' } = metadata;
    const resource = { ...resourceOfKind(kind), version: apiVersion.split('/').at(-1) ?? '' };
    const existing = await request('GET', pathOf(resource, namespace, name));
    const { status, ...spec } = body;
    const answer =
      existing.status === 200
        ? await request('PATCH', pathOf(resource, namespace, name), {
            contentType: 'application/merge-patch+json',
            body: spec,
          })
        : await request('POST', pathOf(resource, namespace), { body });
    if (answer.status >= 300) throw new Error(`applying ${kind} ${name}: ${answer.text}`);
    return answer.body;
  };

  const pods = async (ref: Ref): Promise<KubeObject[]> => {
    const { body } = await request('GET', pathOf(resourceOfKind('Pod'), ref.namespace));
    return body.items.filter((pod: KubeObject) => belongsTo(pod, ref));
  };

  /** Asks again until the answer passes; throws, with the last answer, after so many ms. */
  const eventually = async <T>(what: string, ask: () => Promise<T>, passes: (answer: T) => boolean, ms = 15_000) => {
    const deadline = Date.now() + ms;
    for (;;) {
      const answer = await ask();
      if (passes(answer)) return answer;
      if (Date.now() > deadline) throw new Error(`${what}: not within ${ms} ms; last seen: ${JSON.stringify(answer)}`);
      await delay(POLL_MS);
    }
  };

  const until = async (ref: Ref, passes: (object: KubeObject) => boolean, ms?: number): Promise<KubeObject> => {
    const what = `${ref.kind} ${ref.namespace}/${ref.name}`;
    const found = await eventually(
      what,
      () => get(ref),
      (object) => object !== undefined && passes(object),
      ms,
    );
    return found as KubeObject;
  };

  return {
    get backend() {
      return backend().kind;
    },
    /** The local cluster itself, for its faults; undefined on a real API server. */
    get local() {
      return backend().local;
    },
    get endpoint() {
      return backend().endpoint;
    },
    /** Path of the admin's kubeconfig, or of another user's. */
    kubeconfig: (endpoint?: Endpoint) => backend().kubeconfig(endpoint ?? backend().endpoint),
    get nodes() {
      return backend().nodes;
    },
    ...{ request, get, apply, pods, eventually, until },
    /** Events of a watch, as they come. */
    watch: (path: string, signal: AbortSignal) => client().lines(path, signal),

    /** A namespace that no other test uses. */
    async namespace(): Promise<string> {
      const name = backend().newNamespace();
      await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      return name;
    },

    /** Waits until the controller has done all that the workload's spec asks for. */
    rolledOut: (ref: Ref, ms?: number) =>
      until(
        ref,
        ({ kind, metadata, spec, status = {} }) => {
          if (status.observedGeneration !== metadata.generation) return false;
          if (kind === 'DaemonSet') {
            const { desiredNumberScheduled, updatedNumberScheduled, numberReady } = status;
            return numberReady === desiredNumberScheduled && updatedNumberScheduled === desiredNumberScheduled;
          }
          const { replicas = 0, readyReplicas = 0 } = status;
          const updated = kind === 'ReplicaSet' ? replicas : (status.updatedReplicas ?? 0);
          return [replicas, readyReplicas, updated].every((count) => count === spec.replicas);
        },
        ms,
      ),

    crash: (...args: Parameters<Commands['crash']>) => backend().commands.crash(...args),
    oom: (...args: Parameters<Commands['oom']>) => backend().commands.oom(...args),
    breakImage: (ref: Ref) => backend().commands.breakImage(ref),
    breakConfig: (...args: Parameters<Commands['breakConfig']>) => backend().commands.breakConfig(...args),
    failReadiness: (ref: Ref) => backend().commands.failReadiness(ref),
    freeze: (ref: Ref) => backend().commands.freeze(ref),
    unschedulable: (...args: Parameters<Commands['unschedulable']>) => backend().commands.unschedulable(...args),
    recover: (ref: Ref) => backend().commands.recover(ref),
    setLogs: (...args: Parameters<Commands['setLogs']>) => backend().commands.setLogs(...args),
    failNode: (...args: Parameters<Backend['failNode']>) => backend().failNode(...args),
    recoverNode: (name: string) => backend().recoverNode(name),
    pressure: (...args: Parameters<Backend['pressure']>) => backend().pressure(...args),

    /** Every write to the workload that is not its controllers', refused ones too. */
    writes: (ref: Ref) => backend().writesOf(ref),
    /** The writes after which the workload's spec was another one; its creation does not count. */
    changesOf: (ref: Ref) => backend().changesOf(ref),
    restricted: (rules: Rule[]) => backend().restricted(rules),
    /** A client with nothing in between, for another user. */
    clientOf: (endpoint: Endpoint) => createRawClient(endpoint),
  };
}
