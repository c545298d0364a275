import { ConflictError, InputError, NotFoundError } from '../../src/errors.ts';
import type {
  Autoscaler,
  Cluster,
  ClusterEvent,
  LogOptions,
  MergePatch,
  Pod,
  Revision,
  Workload,
  WorkloadRef,
} from '../../src/kubernetes/cluster.ts';

/** A cluster in memory behind the port: what is patched stays patched, what is deleted is gone. */
export interface FakeCluster extends Cluster {
  workloads: Workload[];
  pods: Pod[];
  namespaces: Set<string>;
  autoscalers: { target: WorkloadRef; autoscaler: Autoscaler }[];
  events: { uid: string; event: ClusterEvent }[];
  /** By `namespace/pod/container`, with `/previous` for the log before the last restart. */
  logs: Map<string, string>;
  /** Newest first, by the workload's UID. */
  revisions: Map<string, Revision[]>;
  /** Every method rejects with it while it is set. */
  failure: Error | undefined;
  /** Changes one workload as its controller would. */
  update(ref: WorkloadRef, change: Partial<Workload>): void;
}

export function createFakeCluster(): FakeCluster {
  let version = 100;

  const cluster: FakeCluster = {
    workloads: [],
    pods: [],
    namespaces: new Set(['default', 'prod']),
    autoscalers: [],
    events: [],
    logs: new Map(),
    revisions: new Map(),
    failure: undefined,
    update(ref, change) {
      Object.assign(find(ref), change, { resourceVersion: String(++version) });
    },
    async getWorkload(ref) {
      answer();
      return structuredClone(find(ref));
    },
    async findWorkloads(namespace, name) {
      answer();
      return structuredClone(cluster.workloads.filter((one) => one.namespace === namespace && one.name === name));
    },
    async getPod(namespace, name) {
      answer();
      const pod = cluster.pods.find((one) => one.namespace === namespace && one.name === name);
      if (pod === undefined) throw new NotFoundError(`pod ${name} not found`);
      return structuredClone(pod);
    },
    async listPods(namespace, selector) {
      answer();
      const pods = cluster.pods.filter((one) => one.namespace === namespace);
      return structuredClone(
        selector === undefined ? pods : pods.filter((pod) => pod.name.startsWith(appOf(selector))),
      );
    },
    async readLogs(namespace, pod, log) {
      answer();
      return readLog(cluster, `${namespace}/${pod}/${log.container ?? ''}`, log);
    },
    async findAutoscaler(ref) {
      answer();
      return cluster.autoscalers.find(({ target }) => isSame(target, ref))?.autoscaler;
    },
    async listEvents(_namespace, uid) {
      answer();
      return cluster.events.filter((one) => one.uid === uid).map(({ event }) => event);
    },
    async createEvent({ workload: { uid }, reason, message, at }) {
      answer();
      cluster.events.push({ uid, event: { type: 'Normal', reason, message, count: 1, lastSeen: at } });
    },
    async listRevisions({ uid }) {
      answer();
      return structuredClone(cluster.revisions.get(uid) ?? []);
    },
    async patchWorkload(ref, patch, precondition) {
      answer();
      const workload = find(ref);
      if (workload.resourceVersion !== precondition.resourceVersion) throw new ConflictError('it has changed');
      const changed = patched(workload, patch);
      cluster.update(ref, { ...changed, marker: precondition.marker, generation: workload.generation + 1 });
      return structuredClone(find(ref));
    },
    async can() {
      answer();
      return true;
    },
  };

  function answer(): void {
    if (cluster.failure !== undefined) throw cluster.failure;
  }

  function find(ref: WorkloadRef): Workload {
    const workload = cluster.workloads.find((one) => isSame(one, ref));
    if (workload === undefined) throw new NotFoundError(`${ref.kind} ${ref.name} not found`);
    return workload;
  }

  return cluster;
}

function isSame(a: WorkloadRef, b: WorkloadRef): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}

/** Selectors of this cluster are `<label>=<beginning of the pods' names>`; without a value every pod has the label. */
function appOf(selector: string): string {
  return selector.split('=')[1] ?? '';
}

/** The two fields that opsbot's patches have. */
function patched(workload: Workload, patch: MergePatch): Partial<Workload> {
  const { spec } = patch as {
    spec: { replicas?: number; template?: { metadata: { annotations: Record<string, string> } } };
  };
  return {
    replicas: spec.replicas ?? workload.replicas,
    restartedAt: spec.template?.metadata.annotations['kubectl.kubernetes.io/restartedAt'] ?? workload.restartedAt,
  };
}

function readLog(cluster: FakeCluster, key: string, log: LogOptions): string {
  const text = cluster.logs.get(log.previous === true ? `${key}/previous` : key);
  if (text === undefined) throw new InputError('The container is waiting to start: ContainerCreating.');
  const lines = text.split('\n');
  const whole = log.tail === undefined ? text : lines.slice(-log.tail - (lines.at(-1) === '' ? 1 : 0)).join('\n');
  return log.limitBytes === undefined ? whole : whole.slice(-log.limitBytes);
}
