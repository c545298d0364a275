import type { Announcer } from './announcer.ts';
import type { SignsPicture, SignsReader } from './signs.ts';
import type { PodSummary } from './snapshot-reader.ts';
import type { SnapshotTables } from './snapshot-tables.ts';
import { withDeployment } from './unseen-replica-set.ts';

/** How current and complete the tables are. */
export type SignsState = Pick<SignsPicture, 'complete' | 'asOf' | 'unseen'>;

export interface SignsSource {
  tables: SnapshotTables;
  state(): SignsState;
  announcer: Announcer;
}

/** Looks only at what has signs, so it may be read after each change. */
export function createSignsReader({ tables, state, announcer }: SignsSource): SignsReader {
  const { pods, nodes, workloads, jobs } = tables;
  return {
    read() {
      let byNode: Map<string | undefined, PodSummary[]> | undefined;
      return {
        ...state(),
        pods: pods.withSigns().map((pod) => withDeployment(pod, workloads)),
        nodes: nodes.withSigns(),
        workloads: workloads.withSigns(),
        jobs: [...jobs.values()],
        podsOn(node) {
          byNode ??= Map.groupBy(pods.values(), (pod) => pod.node);
          return byNode.get(node) ?? [];
        },
      };
    },
    onChange: announcer.subscribe,
  };
}
