import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rule, User } from './api/access.ts';
import { createFaults, type Fault, type WatchFault } from './api/faults.ts';
import { createObjects } from './api/objects.ts';
import { serve, tokenOf } from './api/serve.ts';
import { createHttpServer, withFaults } from './api/server.ts';
import { createWatches } from './api/watches.ts';
import { startControllers } from './controllers/controllers.ts';
import { createEventRecorder } from './controllers/events.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { belongsTo } from './kubelet/behaviour.ts';
import { createKubelet } from './kubelet/kubelet.ts';
import { createLocalKubeletApi } from './kubelet/local-kubelet-api.ts';
import { TEST_PACE } from './kubelet/next-step.ts';
import type { LocalCluster, LocalClusterOptions } from './local-cluster-contract.ts';
import { createNodes, type NodeHealth } from './nodes.ts';
import { createRecorder } from './record.ts';
import { resourceOfKind } from './resources.ts';
import { realScheduler } from './scheduler.ts';
import { createStore, type Snapshot } from './store.ts';
import type { KubeObject, Manifest, Ref } from './types.ts';

const ADMIN: User = { name: 'admin' };
const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** A Kubernetes API server in memory, with controllers, a scheduler and a kubelet, listening on a loopback port. */
export async function createLocalCluster(options: LocalClusterOptions = {}): Promise<LocalCluster> {
  const { token, pace = TEST_PACE, scheduler = realScheduler, second = 1_000, bookmarkEvery = 60_000 } = options;
  const errors: unknown[] = [];
  const onError = options.onError ?? ((error: unknown) => void errors.push(error));

  const store = createStore();
  const objects = createObjects(store, scheduler);
  const record = createRecorder((kind) => resourceOfKind(kind).plural);
  const recordEvent = createEventRecorder(store, scheduler);
  const nodes = createNodes(store, objects, scheduler);
  const api = createLocalKubeletApi(store, objects, recordEvent);
  const kubelet = createKubelet({ api, scheduler, pace, nodes: nodes.names, onError });
  store.subscribe((plural, event) => plural === 'pods' && kubelet.observe(event.type, event.object));
  const controllers = startControllers({ store, objects, scheduler, recordEvent, second });

  const users = new Map<string, User>(token === undefined ? [] : [[token, ADMIN]]);
  let denied: Rule[] = [];
  const userOf = (given: string | undefined) =>
    (given === undefined ? undefined : users.get(given)) ?? (token === undefined ? ADMIN : undefined);
  const faults = createFaults<Fault>();
  const watchFaults = createFaults<WatchFault>();
  const watches = createWatches();
  const context = {
    ...{ store, objects, scheduler, record, bookmarkEvery, watches, watchFaults, userOf },
    logs: kubelet.logs,
    denied: () => denied,
  };
  const takeFault = (request: { method?: string | undefined; url?: string | undefined }, user: string) =>
    faults.take({ method: request.method ?? '', path: request.url ?? '', user });
  const server = createHttpServer(
    withFaults(
      (request, response) => serve(context, request, response),
      (request) => takeFault(request, userOf(tokenOf(request))?.name ?? ''),
      scheduler,
    ),
  );
  const folder = mkdtempSync(join(tmpdir(), 'opsbot-local-cluster-'));
  let kubeconfigs = 0;

  for (const namespace of new Set([...NAMESPACES, ...(options.namespaces ?? [])])) {
    const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
    objects.create(resourceOfKind('Namespace'), undefined, manifest);
  }
  for (let index = 1; index <= (options.nodes ?? 3); index += 1) nodes.add(`node-${index}`);
  await server.start();

  const apply = (manifest: Manifest): KubeObject => {
    const resource = resourceOfKind(manifest.kind);
    const namespace = resource.namespaced ? (manifest.metadata.namespace ?? 'default') : undefined;
    const { name } = manifest.metadata;
    const before = name === undefined ? undefined : store.get(resource.plural, namespace, name);
    const withNamespace = { ...manifest.metadata, ...(namespace === undefined ? {} : { namespace }) };
    const next = { ...manifest, metadata: { ...before?.metadata, ...withNamespace } };
    return before ? objects.update(resource, before, next as KubeObject) : objects.create(resource, namespace, next);
  };
  const get = ({ kind, namespace, name }: Ref) => store.get(resourceOfKind(kind).plural, namespace, name);
  const podsOf = (ref: Ref) => store.list('pods').filter((pod) => belongsTo(pod, ref));
  /** Pods of a seeded cluster are unknown to the kubelet until somebody does something to them. */
  const known = (ref: Ref): Ref => {
    for (const pod of podsOf(ref)) kubelet.observe('MODIFIED', pod);
    return ref;
  };
  const setNodeReady = async (name: string, ready: NodeHealth['ready']) => {
    nodes.setReady(name, ready);
    await kubelet.setNodeFailed(name, ready !== 'True');
  };
  const restore = (snapshot: Snapshot) => {
    store.restore(snapshot);
    kubelet.forgetPods();
    for (const pod of store.list('pods')) kubelet.observe('MODIFIED', pod);
    controllers.reconcileAll();
    watches.cut();
  };

  return {
    get url() {
      return server.url();
    },
    ...{ record, store, get, podsOf },
    apply: (...manifests) => manifests.map(apply),
    list: (kind, namespace) =>
      store
        .list(resourceOfKind(kind).plural)
        .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace),
    remove(ref) {
      const object = get(ref);
      if (object) objects.remove(resourceOfKind(ref.kind), object);
    },
    crash: (ref, how) => kubelet.crash(known(ref), how),
    oom: (ref, which) => kubelet.oom(known(ref), which),
    breakImage: (ref) => kubelet.breakImage(known(ref)),
    breakConfig: (ref, message) => kubelet.breakConfig(known(ref), message),
    failReadiness: (ref) => kubelet.failReadiness(known(ref)),
    freeze: kubelet.freeze,
    unschedulable: (ref, message) => kubelet.unschedulable(known(ref), message),
    recover: (ref) => kubelet.recover(known(ref)),
    failNode: (name, { status = 'Unknown' } = {}) => setNodeReady(name, status),
    recoverNode: (name) => setNodeReady(name, 'True'),
    pressure: async (name, type, on) => nodes.setPressure(name, type, on),
    setLogs: kubelet.logs.set,
    deny: (rule) => void denied.push(rule),
    allowAll: () => {
      denied = [];
    },
    addUser: (given, user) => void users.set(given, user),
    fault: (fault, match = {}, times = 1) => faults.place(fault, match, times),
    clearFaults() {
      faults.clear();
      watchFaults.clear();
    },
    applyButDropAnswer: (match, times = 1) => faults.place({ kind: 'drop answer' }, match, times),
    faultWatches: (fault, match = {}, times = 1) => watchFaults.place(fault, match, times),
    cutWatches: watches.cut,
    expireWatches: watches.expire,
    muteWatches: watches.mute,
    unmuteWatches: watches.unmute,
    compact: store.compact,
    backup() {
      const snapshot = store.snapshot();
      return () => restore(snapshot);
    },
    kubeconfig(given = token) {
      kubeconfigs += 1;
      return writeKubeconfig(join(folder, `kubeconfig-${kubeconfigs}`), { url: server.url(), token: given });
    },
    start: server.start,
    disconnect: server.stop,
    async stop() {
      controllers.stop();
      kubelet.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
      if (errors.length > 0) throw new AggregateError(errors, 'the local cluster had errors of its own');
    },
  };
}
