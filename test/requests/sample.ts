import type { Plan } from '../../src/actions/action.ts';
import type { Request } from '../../src/requests/request.ts';
import { type NewRequest, receive } from '../../src/requests/transition.ts';

/** A request to begin tests with. */
export const T0 = Date.UTC(2026, 0, 1, 3, 0, 0);

export const asked: NewRequest = {
  id: 'k7m2qd',
  cluster: 'test',
  action: 'scale',
  effect: 'change',
  input: { workload: { kind: 'Deployment', namespace: 'default', name: 'nginx' }, replicas: 5 },
  reason: undefined,
  requester: 'UALICE',
  origin: { channel: 'C1', thread: undefined, gesture: 'command' },
  undoOf: undefined,
};

export const plan: Plan = {
  action: 'scale',
  input: asked.input,
  target: { kind: 'Deployment', namespace: 'default', name: 'nginx', uid: 'uid-1' },
  patch: { spec: { replicas: 5 } },
  preconditions: [{ field: 'replicas', equals: 3 }],
  diff: [{ field: 'Replicas', before: '3', after: '5' }],
  warnings: [],
};

export function sampleRequest(changes: Partial<Request> = {}): Request {
  return { ...receive(asked, T0), ...changes };
}
