import { describe, expect, it } from 'vitest';
import { OrderLapsedError, UnknownOutcomeError } from '../../jobs/apply.ts';
import { createCarryOut } from '../../jobs/carry-out.ts';
import type { ActionContext } from '../../src/actions/action.ts';
import { enabledActions } from '../../src/actions/index.ts';
import { ConflictError, NotAllowedError, NotFoundError } from '../../src/errors.ts';
import { type ExecuteOrder, type Order, type Report, reportSchema } from '../../src/requests/order.ts';
import { workloadOf } from '../actions/action-kit.ts';
import { T0 } from '../requests/sample.ts';

const pod = `${'a'.repeat(126)}.${'b'.repeat(126)}`;
const order: ExecuteOrder = {
  type: 'execute',
  request: 'r-logs',
  revision: 1,
  attempt: 1,
  action: 'logs',
  effect: 'read',
  plan: {
    action: 'logs',
    input: { namespace: 'default', pod, container: 'c'.repeat(63), previous: true },
    target: { kind: 'Pod', namespace: 'default', name: pod, uid: 'uid-1' },
    patch: null,
    preconditions: [],
    diff: [],
    warnings: [],
  },
  requestedAt: T0,
  validUntil: T0 + 60_000,
};

/** What the hub is told about a pod that has logged this. */
async function reportOn(log: string): Promise<Report[]> {
  const cluster = { readLogs: async () => log } as Partial<ActionContext['cluster']>;
  return reportsOf(order, { cluster });
}

interface Stage {
  cluster?: Partial<ActionContext['cluster']>;
  /** Names of what is on. */
  on?: readonly string[];
  apply?: Parameters<typeof createCarryOut>[0]['apply'];
  /** Where its account lacks a right; `everywhere` without a namespace, too. */
  mayNot?: { action: string; namespace: string; everywhere?: boolean };
  onSuspect?(): void;
  onFault?(error: unknown): void;
  allowsNamespace?(namespace: string): boolean;
}

async function reportsOf(given: Order, stage: Stage): Promise<Report[]> {
  const { cluster = {}, on, apply = failing, mayNot, onSuspect = () => {}, allowsNamespace = () => true } = stage;
  const { onFault = thrown } = stage;
  const reports: Report[] = [];
  const carryOut = createCarryOut({
    context: async () => ({ ...context, cluster, allowsNamespace }) as unknown as ActionContext,
    apply,
    actions: enabledActions(on),
    send: async (report) => {
      reports.push(report);
    },
    leaveEvent: async () => undefined,
    rights: {
      async requireRights(action, namespace) {
        if (action !== mayNot?.action) return;
        if (namespace === mayNot.namespace || (namespace === undefined && mayNot.everywhere)) throw refusal;
      },
      suspect: onSuspect,
    },
    mask: (text) => text,
    stopping: new AbortController().signal,
    onFault,
    now: () => T0,
  });
  await carryOut(given);
  return reports;
}

const thrown = (error: unknown) => {
  throw error;
};
const context = { now: () => T0, signal: new AbortController().signal, allowsNamespace: () => true };
const refusal = new NotAllowedError('It is off there.', { advice: 'Ask an admin.' });
const failing = () => async () => Promise.reject(new Error('nothing may be applied'));

describe('what an agent reports of a read', () => {
  it('fits what a hub takes in, however long names are and however much there is', async () => {
    const line = `${'x'.repeat(99)}\n`;
    const [report] = await reportOn(line.repeat(60_000));
    expect(reportSchema.safeParse(report).error).toBeUndefined();
    if (report?.type !== 'read') throw new Error(`reported ${report?.type}`);
    expect(report.reading.filename).toMatch(/-previous\.log$/);
    expect(report.reading.body.endsWith(line)).toBe(true);
    expect(report.reading.note).toContain('Only the first 4 MiB');
  });

  it('is complete where there is little', async () => {
    const [report] = await reportOn('one\ntwo\n');
    expect(report).toMatchObject({ type: 'read', reading: { body: 'one\ntwo\n' } });
  });
});

/** An order to scale default/web, with what is particular to its plan. */
const scalingWith = (changes: Partial<ExecuteOrder['plan']>): ExecuteOrder => ({
  ...order,
  action: 'scale',
  effect: 'change',
  plan: {
    ...order.plan,
    action: 'scale',
    input: { workload: { kind: 'Deployment', namespace: 'default', name: 'web' }, replicas: 2 },
    target: { kind: 'Deployment', namespace: 'default', name: 'web', uid: 'uid-2' },
    patch: { spec: { replicas: 2 } },
    ...changes,
  },
});

describe('an action that is off', () => {
  const off = 'logs is turned off here. Whoever runs opsbot can turn it on, with `actions:` in its configuration file.';
  const scaling = scalingWith({ input: { workload: { name: 'web' }, replicas: 2 } });

  it('is neither planned nor read, with the reason', async () => {
    const { validUntil, plan: _, effect, attempt, ...common } = order;
    const planning: Order = { ...common, type: 'plan', input: { pod: 'web' } };
    expect(await reportsOf(planning, { on: ['pods'] })).toMatchObject([
      { type: 'plan-failed', error: { kind: 'not-allowed', message: 'logs is turned off here.' } },
    ]);
    expect(await reportsOf(order, { on: ['pods'] })).toMatchObject([
      { type: 'finished', outcome: { result: 'failed', reason: 'Forbidden', text: off } },
    ]);
  });

  it('begins no change; whether an earlier agent has begun one is found out all the same', async () => {
    const lapsed = (given: ExecuteOrder) => async () => {
      expect(given.validUntil, 'nothing new may be begun').toBe(0);
      throw new OrderLapsedError();
    };
    expect(await reportsOf(scaling, { on: ['pods'], apply: lapsed })).toMatchObject([
      { type: 'finished', outcome: { result: 'failed', text: `${off.replace('logs', 'scale')} Nothing was changed.` } },
    ]);
    const found = () => async () => ({ generation: 7 });
    const gone = { getWorkload: () => Promise.reject(new NotFoundError('It is gone.')) };
    const reports = await reportsOf(scaling, { on: ['pods'], apply: found, cluster: gone });
    expect(reports[0]).toMatchObject({ type: 'applied', generation: 7 });
  });
});

describe('a change that is not made', () => {
  it.each([
    ['drifted', new ConflictError('replicas are 4 now')],
    ['lost', new UnknownOutcomeError('the mark is gone')],
    ['finished', new NotAllowedError('It may not.')],
  ])('is reported as %s, of the order that it is about', async (type, error) => {
    const apply = () => () => Promise.reject(error);
    expect(await reportsOf({ ...scalingWith({}), attempt: 3 }, { apply })).toMatchObject([{ type, attempt: 3 }]);
  });
});

describe('an order that no hub has written', () => {
  const image = { template: { spec: { containers: [{ name: 'web', image: 'evil' }] } } };
  const restart = { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now; and more' } } } };

  it.each([
    ['another image', scalingWith({ patch: { spec: { replicas: 2, ...image } } })],
    ['an image with a restart', { ...scalingWith({ patch: { spec: image } }), action: 'restart' }],
    ['no time of a restart', { ...scalingWith({ patch: { spec: restart } }), action: 'restart' }],
    ['labels', scalingWith({ patch: { spec: { replicas: 2 }, metadata: { labels: { a: 'b' } } } })],
    ['a fraction of a pod', scalingWith({ patch: { spec: { replicas: 1.5 } } })],
    ['nothing', scalingWith({ patch: null })],
  ])('%s is not applied, and the log hears of it', async (_, forged) => {
    const faults: unknown[] = [];
    const apply = () => async () => expect.fail('nothing may be applied');
    expect(await reportsOf(forged, { apply, onFault: (error) => faults.push(error) })).toMatchObject([
      {
        type: 'finished',
        outcome: { result: 'failed', reason: 'Forbidden', text: expect.stringContaining('never changes') },
      },
    ]);
    expect(faults).toHaveLength(1);
  });

  it('begins nothing, and reads nothing, in a namespace that this agent may not touch', async () => {
    const allowsNamespace = (namespace: string) => namespace !== 'kube-system';
    const target = { kind: 'Deployment', namespace: 'kube-system', name: 'dns', uid: 'uid-3' } as const;
    const lapsed = (given: ExecuteOrder) => async () => {
      expect(given.validUntil, 'nothing new may be begun').toBe(0);
      throw new OrderLapsedError();
    };
    const outcome = {
      result: 'failed',
      reason: 'Forbidden',
      text: expect.stringContaining('not set up for the namespace'),
    };
    expect(await reportsOf(scalingWith({ target }), { allowsNamespace, apply: lapsed })).toMatchObject([{ outcome }]);
    const input = { namespace: 'kube-system', pod: 'dns' };
    const reading = { ...order, plan: { ...order.plan, input } };
    const cluster = { readLogs: async () => expect.fail('nothing may be read') };
    expect(await reportsOf(reading, { allowsNamespace, cluster })).toMatchObject([{ outcome }]);
  });
});

describe('where opsbot lacks a right', () => {
  const inProd = { action: 'scale', namespace: 'prod' };
  const planning = (workload: object): Order => {
    const input = { workload: { kind: 'Deployment', ...workload }, replicas: 5 };
    return { type: 'plan', request: 'r-scale', revision: 1, action: 'scale', input, requestedAt: T0 };
  };
  const told = { kind: 'not-allowed', message: 'It is off there.', advice: 'Ask an admin.' };
  const web = workloadOf({ name: 'web', namespace: 'prod' });

  it('an action is refused before anything is asked of the cluster', async () => {
    let suspicions = 0;
    const onSuspect = () => {
      suspicions += 1;
    };
    const named = await reportsOf(planning({ name: 'web', namespace: 'prod' }), { mayNot: inProd, onSuspect });
    expect(named).toMatchObject([{ type: 'plan-failed', error: told }]);
    const anywhere = await reportsOf(planning({ name: 'web' }), { mayNot: { ...inProd, everywhere: true } });
    expect(anywhere).toMatchObject([{ type: 'plan-failed', error: told }]);
    const reading = await reportsOf(order, { mayNot: { action: 'logs', namespace: 'default' } });
    expect(reading).toMatchObject([{ type: 'finished', outcome: { result: 'failed', reason: 'Forbidden' } }]);
    expect(suspicions, 'what was refused makes it look at its rights again').toBe(1);
  });

  it('nobody is asked to approve it where the namespace was found only by planning', async () => {
    const cluster = { getWorkload: async () => web, findAutoscaler: async () => undefined };
    const snapshot = { workloads: new Map([[web.uid, { ...web, owned: false }]]), namespaces: ['prod'] };
    Object.assign(context, { snapshot });
    const reports = await reportsOf(planning({ name: 'web' }), { cluster, mayNot: inProd });
    expect(reports).toMatchObject([{ type: 'plan-failed', error: told }]);
    expect(await reportsOf(planning({ name: 'web' }), { cluster })).toMatchObject([{ type: 'planned' }]);
  });
});
