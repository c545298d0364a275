import type { Plan } from '../../src/actions/action.ts';
import type { Request } from '../../src/requests/request.ts';

export const NOW = Date.UTC(2026, 10, 3, 3, 14, 15);

export function planOf(change: Partial<Plan> = {}): Plan {
  return {
    action: 'scale',
    input: { namespace: 'prod', kind: 'Deployment', name: 'nginx', replicas: 5 },
    target: { kind: 'Deployment', namespace: 'prod', name: 'nginx', uid: 'uid-nginx' },
    patch: { spec: { replicas: 5 } },
    preconditions: [{ field: 'replicas', equals: 3 }],
    diff: [{ field: 'Replicas', before: '3', after: '5' }],
    warnings: [],
    ...change,
  };
}

/** A change by U1 that waits for one approval, unless `change` says otherwise. */
export function requestOf(change: Partial<Request> = {}): Request {
  return {
    id: 'r-abc',
    version: 4,
    state: 'pending',
    revision: 1,
    cluster: 'east',
    action: 'scale',
    effect: 'change',
    input: planOf().input,
    reason: undefined,
    requester: 'U1',
    origin: { channel: 'C1', thread: undefined, gesture: 'command' },
    createdAt: NOW - 60_000,
    updatedAt: NOW,
    expiresAt: NOW + 1_800_000,
    plan: planOf(),
    digest: 'd'.repeat(64),
    requirement: {
      mode: 'approve',
      rule: 'default',
      approvals: 1,
      approvers: [],
      expiresMs: 1_800_000,
      reasonRequired: false,
    },
    votes: [],
    order: undefined,
    applied: undefined,
    progress: undefined,
    outcome: undefined,
    ended: undefined,
    waitingFor: undefined,
    undoOf: undefined,
    error: undefined,
    steps: [],
    ...change,
  };
}
