import type { Json, KubeObject, Ref } from './types.ts';

/** One write that reached the API server, whatever came of it. */
export interface WriteRecord {
  /** ms since the epoch. */
  time: number;
  user: string;
  verb: 'create' | 'update' | 'patch' | 'delete';
  path: string;
  /** The resource's plural and, after a slash, the subresource. */
  resource: string;
  namespace: string | undefined;
  name: string | undefined;
  contentType: string;
  body: Json;
  /** The HTTP status that was answered (or would have been, where the answer was dropped). */
  status: number;
  resourceVersion: { before: string | undefined; after: string | undefined };
  generation: { before: number | undefined; after: number | undefined };
}

export interface ClusterRecord {
  readonly writes: readonly WriteRecord[];
  /** Successful updates and patches after which this workload's generation was higher than before. */
  changesOf(ref: Ref): WriteRecord[];
  clear(): void;
}

export interface Recorder extends ClusterRecord {
  add(write: WriteRecord): void;
}

export const versionsOf = (before: KubeObject | undefined, after: KubeObject | undefined) => ({
  resourceVersion: { before: before?.metadata.resourceVersion, after: after?.metadata.resourceVersion },
  generation: { before: before?.metadata.generation, after: after?.metadata.generation },
});

export function createRecorder(pluralOf: (kind: string) => string): Recorder {
  const writes: WriteRecord[] = [];
  return {
    writes,
    changesOf({ kind, namespace, name }) {
      const plural = pluralOf(kind);
      return writes.filter(
        (write) =>
          write.resource.split('/')[0] === plural &&
          write.namespace === namespace &&
          write.name === name &&
          (write.generation.after ?? 0) > (write.generation.before ?? Number.POSITIVE_INFINITY),
      );
    },
    add: (write) => void writes.push(write),
    clear: () => void writes.splice(0),
  };
}
