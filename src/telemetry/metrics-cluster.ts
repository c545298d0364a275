import { Counter, Histogram, type Registry } from 'prom-client';
import { onEnded } from './on-ended.ts';

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Calls of the API server by the agent of this process. */
export function measureClusterCalls(registry: Registry): () => void {
  const registers = [registry];
  const calls = new Counter({
    name: 'opsbot_cluster_calls_total',
    help: 'Calls of the Kubernetes API. status: the answer’s HTTP status, unreachable where there was none in time, aborted where nobody waits for it any more.',
    labelNames: ['verb', 'resource', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'opsbot_cluster_call_seconds',
    help: 'Time that a call of the Kubernetes API took; of a watch, until it began.',
    labelNames: ['verb', 'resource'],
    buckets: BUCKETS,
    registers,
  });
  return onEnded('clusterCall', ({ verb, resource: name, subresource, status, error }, seconds) => {
    const resource = subresource === undefined ? name : `${name}/${subresource}`;
    calls.inc({ verb, resource, status: status ?? withoutAnswer(error) });
    durations.observe({ verb, resource }, seconds);
  });
}

function withoutAnswer(error: unknown): string {
  return error instanceof Error && error.name === 'AbortError' ? 'aborted' : 'unreachable';
}
