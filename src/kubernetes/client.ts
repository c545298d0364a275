import { NotAllowedError, NotFoundError } from '../errors.ts';
import {
  type CallOptions,
  type Cluster,
  MARKER_ANNOTATION,
  type MergePatch,
  WORKLOAD_KINDS,
  type Workload,
  type WorkloadRef,
} from './cluster.ts';
import { createConnection } from './connection.ts';
import { eventBody } from './event-body.ts';
import { listAll } from './list-pages.ts';
import { readPodLog } from './pod-log.ts';
import { projectAutoscaler } from './project-autoscaler.ts';
import { projectEvent } from './project-event.ts';
import { controllerOf } from './project-meta.ts';
import { projectPod } from './project-pod.ts';
import { projectRevision } from './project-revision.ts';
import { projectWorkload } from './project-workload.ts';
import type { RawAutoscaler, RawEvent, RawPod, RawWorkload } from './raw.ts';
import { ACCESS_REVIEWS, AUTOSCALERS, EVENTS, PODS, WORKLOADS } from './resources.ts';
import { createRest, type Rest } from './rest.ts';

export interface ClusterClientOptions {
  /** Path of a kubeconfig (or several, as in KUBECONFIG). Absent: the pod's service account, else `~/.kube/config`. */
  kubeconfig?: string | undefined;
  /** For each call; default 10 s. Reading a log may take three times as long. */
  timeoutMs?: number | undefined;
}

export interface ClusterClient extends Cluster {
  /** For the snapshot and the lease: they share this client's connections and credentials. */
  rest: Rest;
  /** The one that opsbot itself is in: of its service account, or of the kubeconfig's current context; else `default`. */
  namespace: string;
  /** Breaks off what is under way. */
  close(): Promise<void>;
}

const PAGE_SIZE = 500;

/** Opens no connection yet. InputError where the kubeconfig is missing or unusable. */
export function createClusterClient({ kubeconfig, timeoutMs = 10_000 }: ClusterClientOptions = {}): ClusterClient {
  const connection = createConnection({ kubeconfig });
  const rest = createRest(connection, { timeoutMs });
  return {
    ...createCluster(rest, { timeoutMs }),
    rest,
    namespace: connection.namespace,
    close: () => rest.close(),
  };
}

function createCluster(rest: Rest, { timeoutMs }: { timeoutMs: number }): Cluster {
  const getWorkload = async ({ kind, namespace, name }: WorkloadRef, { signal }: CallOptions = {}) =>
    projectWorkload(
      kind,
      await rest.json<RawWorkload>({ verb: 'get', type: WORKLOADS[kind], namespace, name, signal }),
    );

  return {
    getWorkload,

    async findWorkloads(namespace, name, options) {
      const tries = await Promise.allSettled(
        WORKLOAD_KINDS.map((kind) => getWorkload({ kind, namespace, name }, options)),
      );
      return foundAmong(tries);
    },

    async getPod(namespace, name, { signal } = {}) {
      return projectPod(await rest.json<RawPod>({ verb: 'get', type: PODS, namespace, name, signal }));
    },

    listPods(namespace, selector, { signal } = {}) {
      const query: Record<string, string> = selector ? { labelSelector: selector } : {};
      return listAll(rest, { type: PODS, namespace, pageSize: PAGE_SIZE, query, signal }, (item) =>
        projectPod(item as RawPod),
      );
    },

    readLogs: (namespace, pod, log, { signal } = {}) =>
      readPodLog(rest, { namespace, pod, log, signal, timeoutMs: 3 * timeoutMs }),

    async findAutoscaler({ kind, namespace, name }, { signal } = {}) {
      const listing = listAll(rest, { type: AUTOSCALERS, namespace, pageSize: PAGE_SIZE, signal }, (item) =>
        projectAutoscaler(item as RawAutoscaler),
      );
      const all = await orWhereNotAllowed(listing, []);
      const found = all.find(({ targetKind, targetName }) => targetKind === kind && targetName === name);
      return found && { name: found.name, min: found.min, max: found.max };
    },

    async listEvents(namespace, uid, { signal } = {}) {
      const query = { fieldSelector: `involvedObject.uid=${uid}` };
      const listing = listAll(rest, { type: EVENTS, namespace, pageSize: PAGE_SIZE, query, signal }, (item) =>
        projectEvent(item as RawEvent),
      );
      const events = await orWhereNotAllowed(listing, []);
      return events.sort((a, b) => b.lastSeen - a.lastSeen);
    },

    async createEvent(event, { signal } = {}) {
      const { namespace } = event.workload;
      await rest.json<RawEvent>({ verb: 'create', type: EVENTS, namespace, body: eventBody(event), signal });
    },

    async listRevisions({ kind, namespace, uid, selector }, { signal } = {}) {
      if (kind !== 'Deployment') return [];
      const query = { labelSelector: selector };
      const type = WORKLOADS.ReplicaSet;
      const listing = listAll(
        rest,
        { type, namespace, pageSize: PAGE_SIZE, query, signal },
        (item) => item as RawWorkload,
      );
      const all = await orWhereNotAllowed(listing, []);
      return all
        .filter(({ metadata = {} }) => controllerOf(metadata)?.uid === uid)
        .map(projectRevision)
        .sort((a, b) => b.revision - a.revision);
    },

    async patchWorkload({ kind, namespace, name }, patch, precondition, { signal } = {}) {
      const raw = await rest.json<RawWorkload>({
        verb: 'patch',
        type: WORKLOADS[kind],
        namespace,
        name,
        query: { fieldManager: 'opsbot' },
        body: conditionalPatch(patch, precondition),
        signal,
      });
      return projectWorkload(kind, raw);
    },

    async can({ verb, group, resource, subresource, name, namespace }, { signal } = {}) {
      const resourceAttributes = { verb, group, resource, subresource, name, namespace };
      const review = await rest.json<{ status?: { allowed?: boolean } }>({
        verb: 'create',
        type: ACCESS_REVIEWS,
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes },
        },
        signal,
      });
      return review.status?.allowed === true;
    },
  };
}

/** One kind that may not be read does not hide the others; an error counts only where nothing was found. */
function foundAmong(tries: PromiseSettledResult<Workload>[]): Workload[] {
  const found: Workload[] = [];
  const failures: unknown[] = [];
  for (const each of tries) {
    if (each.status === 'fulfilled') found.push(each.value);
    else if (!(each.reason instanceof NotFoundError)) failures.push(each.reason);
  }
  const grave = failures.find((failure) => !(failure instanceof NotAllowedError));
  if (grave !== undefined) throw grave;
  if (found.length === 0 && failures.length > 0) throw failures[0];
  return found;
}

function conditionalPatch(patch: MergePatch, precondition: { resourceVersion: string; marker: string }): MergePatch {
  const metadata = asObject(patch.metadata);
  return {
    ...patch,
    metadata: {
      ...metadata,
      resourceVersion: precondition.resourceVersion,
      annotations: { ...asObject(metadata.annotations), [MARKER_ANNOTATION]: precondition.marker },
    },
  };
}

function asObject(value: MergePatch[string] | undefined): MergePatch {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function orWhereNotAllowed<T>(promise: Promise<T>, otherwise: T): Promise<T> {
  return promise.catch((error: unknown) => {
    if (error instanceof NotAllowedError) return otherwise;
    throw error;
  });
}
