import type { WorkloadEvent } from './cluster.ts';
import { WORKLOADS } from './resources.ts';

const REPORTER = 'opsbot.dev/opsbot';

/**
 * An Event of core/v1, with the fields that kubectl of any age shows: through events.k8s.io it might have neither a source
 * nor a time that old ones know. The API server keeps both kinds in the same place.
 */
export function eventBody({ name, workload, reason, message, instance, at }: WorkloadEvent) {
  const { kind, namespace, name: of, uid } = workload;
  const { group, version } = WORKLOADS[kind];
  const time = `${new Date(at).toISOString().slice(0, 19)}Z`;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace },
    involvedObject: { apiVersion: `${group}/${version}`, kind, namespace, name: of, uid },
    type: 'Normal',
    reason,
    message,
    count: 1,
    firstTimestamp: time,
    lastTimestamp: time,
    source: { component: 'opsbot' },
    reportingComponent: REPORTER,
    reportingInstance: instance.slice(0, 128),
  };
}
