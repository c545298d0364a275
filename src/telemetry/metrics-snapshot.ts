import { Counter, Gauge, type Registry } from 'prom-client';
import type { WatchState } from '../kubernetes/snapshot.ts';
import type { ClusterSnapshot } from '../kubernetes/snapshot-reader.ts';
import type { WatchRestart } from '../kubernetes/watch-restart.ts';
import type { Source } from './metrics-sources.ts';

export interface AgentFigures {
  snapshot: ClusterSnapshot;
  watches: readonly WatchState[];
  isLeaseHolder: boolean;
}

/** The agent's picture of its cluster. */
export function measureSnapshot(
  registry: Registry,
  cluster: string,
  figures: () => Promise<AgentFigures>,
): { onRestart(resource: string, reason: WatchRestart): void; source: Source } {
  const registers = [registry];
  const restarts = new Counter({
    name: 'opsbot_watch_restarts_total',
    help: 'Lists and watches that began anew. reason: ended (after 5 to 10 minutes, as asked for), expired (410: listed again), silent (nothing heard for 90 s), denied, busy (429), broken.',
    labelNames: ['resource', 'reason'],
    registers,
  });
  const age = new Gauge({
    name: 'opsbot_watch_age_seconds',
    help: 'For how long nothing was heard of a watched resource, of the namespace that is worst off. About a minute is usual where nothing happens. Resources that opsbot may not read are left out.',
    labelNames: ['cluster', 'resource'],
    registers,
  });
  const objects = new Gauge({
    name: 'opsbot_snapshot_objects',
    help: 'Objects in the agent’s picture of the cluster, by kind.',
    labelNames: ['cluster', 'kind'],
    registers,
  });
  const complete = new Gauge({
    name: 'opsbot_snapshot_complete',
    help: '1 once everything that is watched was read, else 0.',
    labelNames: ['cluster'],
    registers,
  });
  const lease = new Gauge({
    name: 'opsbot_lease_held',
    help: '1 where this process is the one that reports the cluster’s trouble, else 0.',
    labelNames: ['cluster'],
    registers,
  });
  const startedAt = Date.now();
  return {
    onRestart(resource, reason) {
      restarts.inc({ resource, reason });
    },
    source: {
      name: 'snapshot',
      gauges: [age, objects, complete, lease],
      async read() {
        const { snapshot, watches, isLeaseHolder } = await figures();
        return () => {
          for (const [kind, count] of Object.entries(countsOf(snapshot))) objects.set({ cluster, kind }, count);
          const now = Date.now();
          for (const [resource, asOf] of oldestOf(watches)) {
            age.set({ cluster, resource }, Math.max(0, now - (asOf || startedAt)) / 1000);
          }
          complete.set({ cluster }, Number(snapshot.complete));
          lease.set({ cluster }, Number(isLeaseHolder));
        };
      },
    },
  };
}

/** The ReplicaSets that Deployments own are no part of the picture. */
function countsOf({ pods, workloads, nodes, autoscalers }: ClusterSnapshot): Record<string, number> {
  const counts: Record<string, number> = { Pod: pods.size, Deployment: 0, StatefulSet: 0, DaemonSet: 0, ReplicaSet: 0 };
  for (const { kind } of workloads.values()) counts[kind] = (counts[kind] ?? 0) + 1;
  if (nodes) counts.Node = nodes.size;
  if (autoscalers) counts.HorizontalPodAutoscaler = autoscalers.size;
  return counts;
}

function oldestOf(watches: readonly WatchState[]): Map<string, number> {
  const oldest = new Map<string, number>();
  for (const { resource, asOf, isDenied } of watches) {
    if (!isDenied) oldest.set(resource, Math.min(asOf, oldest.get(resource) ?? asOf));
  }
  return oldest;
}
