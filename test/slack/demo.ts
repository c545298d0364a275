import type { ClusterSnapshot } from '../../src/kubernetes/snapshot-reader.ts';
import type { Report } from '../../src/requests/order.ts';
import type { Request } from '../../src/requests/request.ts';
import { nodeOf, podOf, snapshotOf, workloadOf } from '../kubernetes/snapshot-of.ts';

const ACTIONS = [
  ['scale', 'Scale a workload'],
  ['restart', 'Restart a workload'],
  ['logs', 'Read pod logs'],
] as const;
/** The shortcuts as the app's manifest declares them. */
export const MANIFEST = {
  features: {
    shortcuts: ACTIONS.flatMap(([action, name]) => [
      { name, type: 'global' as const, callback_id: `shortcut:${action}`, description: name },
      { name: `${name} …`, type: 'message' as const, callback_id: `message-shortcut:${action}`, description: name },
    ]),
  },
};

/** A small cluster: nginx is well, api crashes and is scaled by an HPA. */
export function demoPicture(changes: Partial<ClusterSnapshot> = {}): ClusterSnapshot {
  const api = workloadOf('api', { namespace: 'prod', ready: 2, available: 2, containers: ['app', 'sidecar'] });
  const nginx = workloadOf('nginx', { namespace: 'default' });
  const agent = workloadOf('agent', { namespace: 'default', kind: 'DaemonSet' });
  return {
    ...snapshotOf({
      cluster: 'demo',
      asOf: Date.now(),
      nodes: [nodeOf('node-1')],
      workloads: [api, nginx, agent],
      pods: [
        podOf('nginx-7d9f8-aaaaa', 'nginx', { namespace: 'default' }),
        podOf('api-7d9f8-bbbbb', 'api', { containers: ['app', 'sidecar'] }),
        podOf('api-7d9f8-ccccc', 'api', {
          containers: ['app', 'sidecar'],
          status: 'CrashLoopBackOff',
          isReady: false,
          ready: 0,
          restarts: 7,
        }),
      ],
      namespaces: ['default', 'prod'],
      autoscalers: new Map([
        ['hpa-1', { name: 'api-hpa', namespace: 'prod', targetKind: 'Deployment', targetName: 'api', min: 2, max: 9 }],
      ]),
    }),
    ...changes,
  };
}

interface Wanted {
  workload?: { kind?: 'Deployment'; namespace?: string; name: string };
  namespace?: string;
  pod?: string;
  replicas?: number;
}

/** What an agent of the demo cluster would report: every workload runs three pods, and `missing` does not exist. */
export function planFor(request: Request): Report {
  const { id, revision, action } = request;
  const input = request.input as Wanted;
  const { name = input.pod ?? '' } = input.workload ?? {};
  const namespace = input.workload?.namespace ?? input.namespace ?? 'default';
  if (name === 'missing') {
    const message = `There is no workload called missing in ${namespace}.`;
    const error = { kind: 'not-found' as const, message, advice: 'Did you mean nginx?', field: 'workload' };
    return { type: 'plan-failed', request: id, revision, error };
  }
  const before = 3 + revision - 1;
  const isChange = request.effect === 'change';
  const kind = input.workload ? (input.workload.kind ?? 'Deployment') : 'Pod';
  return {
    type: 'planned',
    request: id,
    revision,
    plan: {
      action,
      input: input.workload ? { ...input, workload: { ...input.workload, kind, namespace } } : { ...input, namespace },
      target: { kind, namespace, name, uid: `w-${name}` },
      patch: isChange ? { spec: { replicas: input.replicas ?? null } } : null,
      preconditions: isChange ? [{ field: 'replicas', equals: before }] : [],
      diff: isChange ? [{ field: 'Replicas', before: String(before), after: String(input.replicas) }] : [],
      warnings: [],
    },
  };
}
