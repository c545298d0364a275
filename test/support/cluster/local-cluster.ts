import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rule, User } from './api/access.ts';
import { createFaults, type Fault, type FaultMatch, type PlacedFault } from './api/faults.ts';
import { createObjects } from './api/objects.ts';
import { serve, tokenOf } from './api/serve.ts';
import { createHttpServer, withFaults } from './api/server.ts';
import { startControllers } from './controllers/controllers.ts';
import { createEventRecorder } from './controllers/events.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { belongsTo } from './kubelet/behaviour.ts';
import { createKubelet } from './kubelet/kubelet.ts';
import { createLocalKubeletApi } from './kubelet/local-kubelet-api.ts';
import type { LogTarget } from './kubelet/logs.ts';
import { type Pace, TEST_PACE } from './kubelet/next-step.ts';
import { createNodes } from './nodes.ts';
import { type ClusterRecord, createRecorder } from './record.ts';
import { resourceOfKind } from './resources.ts';
import { realScheduler, type Scheduler } from './scheduler.ts';
import { createStore, type Store } from './store.ts';
import type { KubeObject, Manifest, Ref } from './types.ts';

export interface LocalClusterOptions {
  /** Bearer token of the admin; absent: nobody is asked for one. */
  token?: string;
  /** How long things take; default: a few ms. */
  pace?: Pace;
  scheduler?: Scheduler;
  /** How many nodes there are at the start; default 3. */
  nodes?: number;
  namespaces?: string[];
  /** ms that a second of progressDeadlineSeconds and minReadySeconds lasts; default 1,000. */
  second?: number;
  /** ms between the bookmarks of a watch; default 60,000. */
  bookmarkEvery?: number;
  /** Told of faults in the cluster itself; default: they are thrown by `stop`. */
  onError?(error: unknown): void;
}

export interface LocalCluster {
  readonly url: string;
  readonly record: ClusterRecord;
  readonly store: Store;

  /** Creates or replaces objects as the admin; not on record. */
  apply(...manifests: Manifest[]): KubeObject[];
  get(ref: Ref): KubeObject | undefined;
  list(kind: string, namespace?: string): KubeObject[];
  remove(ref: Ref): void;
  podsOf(ref: Ref): KubeObject[];

  crash(ref: Ref, options?: { container?: string; exitCode?: number }): void;
  oom(ref: Ref): void;
  breakImage(ref: Ref): void;
  unschedulable(ref: Ref, message?: string): void;
  recover(ref: Ref): void;
  failNode(name: string): Promise<void>;
  recoverNode(name: string): Promise<void>;
  setLogs(target: LogTarget, text: string): void;

  /** Takes rights from everybody, the admin too; `allowAll` gives them back. */
  deny(rule: Rule): void;
  allowAll(): void;
  /** A further user, who may do no more than these rules say. */
  addUser(token: string, user: User): void;

  /** What goes wrong for clients; `times` defaults to 1. */
  fault(fault: Fault, match?: FaultMatch, times?: number): PlacedFault;
  clearFaults(): void;
  /** Does the work of the requests that match, and cuts the connection instead of answering. */
  applyButDropAnswer(match: FaultMatch, times?: number): PlacedFault;
  cutWatches(): void;
  /** Forgets the past: older resourceVersions and continue tokens are answered with 410. */
  compact(): void;

  /** Writes a kubeconfig and returns its path. */
  kubeconfig(token?: string): string;
  /** Listens (again, on the port it had). */
  start(): Promise<void>;
  /** Stops listening and cuts every connection; what is in the cluster lives on. */
  disconnect(): Promise<void>;
  /** Ends it for good. */
  stop(): Promise<void>;
}

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
  const stopControllers = startControllers({ store, objects, scheduler, recordEvent, second });

  const users = new Map<string, User>(token === undefined ? [] : [[token, ADMIN]]);
  let denied: Rule[] = [];
  const userOf = (given: string | undefined) =>
    (given === undefined ? undefined : users.get(given)) ?? (token === undefined ? ADMIN : undefined);
  const faults = createFaults();
  const watches = new Set<() => void>();
  const track = (end: () => void) => {
    watches.add(end);
    return () => watches.delete(end);
  };
  const context = {
    ...{ store, objects, scheduler, record, bookmarkEvery, track, userOf },
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
  const setNodeFailed = async (name: string, failed: boolean) => {
    nodes.setReady(name, !failed);
    await kubelet.setNodeFailed(name, failed);
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
    oom: (ref) => kubelet.oom(known(ref)),
    breakImage: (ref) => kubelet.breakImage(known(ref)),
    unschedulable: (ref, message) => kubelet.unschedulable(known(ref), message),
    recover: (ref) => kubelet.recover(known(ref)),
    failNode: (name) => setNodeFailed(name, true),
    recoverNode: (name) => setNodeFailed(name, false),
    setLogs: kubelet.logs.set,
    deny: (rule) => void denied.push(rule),
    allowAll: () => {
      denied = [];
    },
    addUser: (given, user) => void users.set(given, user),
    fault: (fault, match = {}, times = 1) => faults.place(fault, match, times),
    clearFaults: faults.clear,
    applyButDropAnswer: (match, times = 1) => faults.place({ kind: 'drop answer' }, match, times),
    cutWatches: () => {
      for (const end of [...watches]) end();
    },
    compact: store.compact,
    kubeconfig(given = token) {
      kubeconfigs += 1;
      return writeKubeconfig(join(folder, `kubeconfig-${kubeconfigs}`), { url: server.url(), token: given });
    },
    start: server.start,
    disconnect: server.stop,
    async stop() {
      stopControllers();
      kubelet.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
      if (errors.length > 0) throw new AggregateError(errors, 'the local cluster had errors of its own');
    },
  };
}
