import { describe, expect, it } from 'vitest';
import { createInterner } from '../../src/kubernetes/interner.ts';
import { summarizeJob } from '../../src/kubernetes/job-summary.ts';
import { nodeSigns } from '../../src/kubernetes/node-signs.ts';
import { podSigns } from '../../src/kubernetes/pod-signs.ts';
import type { RawCondition, RawContainerStatus, RawPod, RawTermination } from '../../src/kubernetes/raw.ts';
import { rolloutSigns } from '../../src/kubernetes/rollout-signs.ts';

const at = (time: string) => Date.parse(`2026-11-03T${time}Z`);
const stamp = (time: string) => `2026-11-03T${time}Z`;
const intern = createInterner();

const LABELS = { app: 'web', 'pod-template-hash': '7d9f8' };
const killed: RawTermination = {
  exitCode: 137,
  reason: 'OOMKilled',
  startedAt: stamp('03:00:00'),
  finishedAt: stamp('03:01:00'),
};
const failed: RawTermination = { exitCode: 1, reason: 'Error', finishedAt: stamp('03:02:00') };
const waiting = (reason: string | undefined, message?: string) => ({
  waiting: { ...(reason !== undefined && { reason }), ...(message !== undefined && { message }) },
});

function pod(
  parts: {
    containers?: RawContainerStatus[];
    init?: RawContainerStatus[];
    phase?: string;
    conditions?: RawCondition[];
  },
  meta: object = {},
): RawPod {
  return {
    metadata: {
      name: 'web-1',
      namespace: 'shop',
      uid: 'u',
      creationTimestamp: stamp('02:00:00'),
      labels: LABELS,
      ...meta,
    },
    spec: {
      containers: [{ name: 'app' }],
      initContainers: [{ name: 'migrate' }, { name: 'proxy', restartPolicy: 'Always' }],
    },
    status: {
      phase: parts.phase ?? 'Running',
      conditions: parts.conditions ?? null,
      containerStatuses: parts.containers ?? null,
      initContainerStatuses: parts.init ?? null,
    },
  };
}
const signs = (...args: Parameters<typeof pod>) => podSigns(pod(...args), intern);
const containers = (...args: Parameters<typeof pod>) => signs(...args)?.containers;

describe('signs of a container', () => {
  const healthy: [string, RawContainerStatus][] = [
    ['runs', { name: 'app', state: { running: { startedAt: stamp('03:00:00') } } }],
    ['is created', { name: 'app', state: waiting('ContainerCreating') }],
    ['waits for init containers', { name: 'app', state: waiting('PodInitializing') }],
    ['waits for no reason', { name: 'app', state: waiting(undefined) }],
    ['waits for an empty reason', { name: 'app', state: waiting('') }],
    ['has no state at all', { name: 'app' }],
    ['came to its end', { name: 'app', state: { terminated: { exitCode: 0, reason: 'Completed' } } }],
    ['failed once, and runs again', { name: 'app', state: { running: {} }, lastState: { terminated: failed } }],
  ];
  it.each(healthy)('are not there where it %s', (_, status) => {
    expect(signs({ containers: [status], init: [{ ...status, name: 'migrate' }] })).toBeUndefined();
  });

  it.each(['CrashLoopBackOff', 'ErrImagePull', 'ImagePullBackOff', 'CreateContainerConfigError', 'SomethingNew'])(
    'are there where it waits with %s',
    (reason) => {
      const status = { name: 'app', restartCount: 3, state: waiting(reason, 'says the kubelet') };
      expect(signs({ containers: [status], phase: 'Pending' })).toEqual({
        labels: LABELS,
        over: false,
        unschedulable: undefined,
        containers: [
          {
            container: 'app',
            init: false,
            state: 'waiting',
            reason,
            message: 'says the kubelet',
            restarts: 3,
            runningSince: undefined,
            ended: undefined,
          },
        ],
      });
    },
  );

  it('say how it ended before it waited to be started again', () => {
    const status = {
      name: 'app',
      restartCount: 1,
      state: waiting('CrashLoopBackOff'),
      lastState: { terminated: failed },
    };
    expect(containers({ containers: [status] })).toMatchObject([
      { state: 'waiting', ended: { reason: 'Error', exitCode: 1, at: at('03:02:00') } },
    ]);
  });

  it('tell of a kill: now, before a restart, and while it runs again', () => {
    const ended = { reason: 'OOMKilled', exitCode: 137, at: at('03:01:00') };
    const states: RawContainerStatus[] = [
      { name: 'now', state: { terminated: killed } },
      { name: 'waits', state: waiting('CrashLoopBackOff'), lastState: { terminated: killed } },
      { name: 'runs', state: { running: { startedAt: stamp('03:05:00') } }, lastState: { terminated: killed } },
      { name: 'then-failed', state: { terminated: failed }, lastState: { terminated: killed } },
    ];
    expect(containers({ containers: states })).toMatchObject([
      { container: 'now', state: 'terminated', runningSince: undefined, ended },
      { container: 'waits', state: 'waiting', reason: 'CrashLoopBackOff', runningSince: undefined, ended },
      { container: 'runs', state: 'running', reason: undefined, runningSince: at('03:05:00'), ended },
      { container: 'then-failed', state: 'terminated', runningSince: undefined, ended },
    ]);
  });

  it('are there while it runs between two crashes, of which the kubelet still counts the first', () => {
    const crashed = { ...failed, startedAt: stamp('02:52:01') };
    const running = { running: { startedAt: stamp('03:03:00') } };
    const sign = (restartCount: number, terminated: RawTermination) =>
      containers({ containers: [{ name: 'app', restartCount, state: running, lastState: { terminated } }] });
    const ended = { reason: 'Error', exitCode: 1, at: at('03:02:00') };
    expect(sign(2, crashed)).toMatchObject([{ state: 'running', runningSince: at('03:03:00'), ended }]);
    expect(sign(1, crashed)).toBeUndefined();
    expect(sign(2, { ...crashed, startedAt: stamp('02:52:00') })).toBeUndefined();
    expect(sign(2, { ...crashed, exitCode: 0 })).toBeUndefined();
    expect(sign(2, failed)).toBeUndefined();
  });

  it('tell of init containers as such, and of native sidecars as not', () => {
    const init: RawContainerStatus[] = [
      { name: 'migrate', state: { terminated: killed } },
      { name: 'proxy', state: waiting('CrashLoopBackOff') },
    ];
    expect(containers({ init, phase: 'Pending' })).toMatchObject([
      { container: 'migrate', init: true, ended: { reason: 'OOMKilled' } },
      { container: 'proxy', init: false, reason: 'CrashLoopBackOff' },
    ]);
  });

  it('tell since when an init container has made up for its kill', () => {
    const done: RawTermination = {
      exitCode: 0,
      reason: 'Completed',
      startedAt: stamp('03:10:00'),
      finishedAt: stamp('03:11:00'),
    };
    const init = [{ name: 'migrate', restartCount: 1, state: { terminated: done }, lastState: { terminated: killed } }];
    expect(containers({ init })).toMatchObject([
      { state: 'terminated', runningSince: at('03:10:00'), ended: { reason: 'OOMKilled', at: at('03:01:00') } },
    ]);
  });

  it('do not take a kill whose exit code is 0 for a good end', () => {
    const init = [{ name: 'migrate', state: { terminated: { ...killed, exitCode: 0 } } }];
    expect(containers({ init })).toMatchObject([{ state: 'terminated', runningSince: undefined }]);
  });

  it('cut a long message, and leave no half of a character', () => {
    const status = { name: 'app', state: waiting('ErrImagePull', `${'x'.repeat(499)}🚀`) };
    const message = containers({ containers: [status] })?.[0]?.message ?? '';
    expect(message).toHaveLength(500);
    expect(message.isWellFormed()).toBe(true);
  });

  it('cut a long message between two words, so that no half of a secret is taken for none', () => {
    const text = `${'x'.repeat(480)} key AKIAIOSFODNN7EXAMPLE`;
    const status = { name: 'app', state: waiting('ErrImagePull', text) };
    expect(containers({ containers: [status] })?.[0]?.message).toBe(`${'x'.repeat(480)} key`);
  });

  it('share labels among the pods of a workload', () => {
    const status = { name: 'app', state: waiting('ErrImagePull') };
    const [one, other] = [1, 2].map(() => podSigns(structuredClone(pod({ containers: [status] })), intern));
    expect(one?.labels).toBe(other?.labels);
  });
});

describe('signs of a pod', () => {
  const oom = [{ name: 'app', state: { terminated: killed } }];

  it('are not there while it is being deleted', () => {
    expect(signs({ containers: oom }, { deletionTimestamp: stamp('03:00:00') })).toBeUndefined();
  });

  it.each([
    ['Running', false],
    ['Pending', false],
    ['Failed', true],
    ['Succeeded', true],
  ])('say whether it is over: %s', (phase, over) => {
    expect(signs({ containers: oom, phase })).toMatchObject({ over });
  });

  const scheduled = (change: Partial<RawCondition>): RawCondition[] => [
    { type: 'Initialized', status: 'False' },
    {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: '0/3 nodes are available: 3 Insufficient cpu.',
      lastTransitionTime: stamp('02:30:00'),
      ...change,
    },
  ];

  it('tell since when no node takes it', () => {
    expect(signs({ phase: 'Pending', conditions: scheduled({}) })).toEqual({
      labels: LABELS,
      containers: [],
      over: false,
      unschedulable: { since: at('02:30:00'), message: '0/3 nodes are available: 3 Insufficient cpu.' },
    });
    expect(signs({ conditions: scheduled({ lastTransitionTime: null }) })?.unschedulable?.since).toBe(at('02:00:00'));
  });

  it.each([{ reason: 'SchedulingGated' }, { status: 'True' }, { status: 'Unknown' }])(
    'are not there where nobody tried in vain: %o',
    (change) => {
      expect(signs({ phase: 'Pending', conditions: scheduled(change) })).toBeUndefined();
    },
  );

  it('are not there where it has no status yet', () => {
    expect(podSigns({}, intern)).toBeUndefined();
  });
});

describe('signs of a node', () => {
  const node = (conditions: RawCondition[] | null) =>
    nodeSigns({ metadata: { labels: { pool: 'a' } }, status: { conditions } }, intern);
  const ready = (status: string): RawCondition => ({
    type: 'Ready',
    status,
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
    lastTransitionTime: stamp('03:00:00'),
  });

  it.each(['False', 'Unknown'] as const)('are there where it is Ready=%s', (status) => {
    expect(node([ready(status)])).toEqual({
      labels: { pool: 'a' },
      conditions: [
        {
          type: 'Ready',
          status,
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
          since: at('03:00:00'),
        },
      ],
    });
  });

  it('are there under pressure of memory, disk or processes', () => {
    const types = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'];
    const pressures = types.map((type) => ({ type, status: 'True', lastTransitionTime: stamp('03:00:00') }));
    expect(node([ready('True'), ...pressures])?.conditions.map(({ type }) => type)).toEqual(types.slice(0, 3));
  });

  it.each<[string, RawCondition[] | null]>([
    ['it is ready', [ready('True'), { type: 'DiskPressure', status: 'False' }]],
    ['a pressure is not known', [ready('True'), { type: 'DiskPressure', status: 'Unknown' }]],
    ['no kubelet has told anything', null],
    ['there is no condition Ready', [{ type: 'DiskPressure', status: 'False' }]],
  ])('are not there where %s', (_, conditions) => {
    expect(node(conditions)).toBeUndefined();
  });
});

describe('signs of a rollout', () => {
  const rollout = (progressing: Partial<RawCondition>, { generation = 3, observedGeneration = 3 } = {}) =>
    rolloutSigns(
      {
        metadata: {
          generation,
          labels: { team: 'a' },
          annotations: { 'deployment.kubernetes.io/revision': '7' },
          creationTimestamp: stamp('01:00:00'),
        },
        status: {
          observedGeneration,
          conditions: [
            { type: 'Available', status: 'True' },
            {
              type: 'Progressing',
              message: 'words',
              lastUpdateTime: stamp('03:00:00'),
              lastTransitionTime: stamp('02:00:00'),
              ...progressing,
            },
          ],
        },
      },
      intern,
    );

  it('tell that it is stuck, and since when', () => {
    const stuck = { status: 'False', reason: 'ProgressDeadlineExceeded' };
    expect(rollout(stuck)).toEqual({
      labels: { team: 'a' },
      revision: '7',
      stuck: { since: at('03:00:00'), message: 'words' },
      completedAt: undefined,
    });
    expect(rollout({ ...stuck, lastUpdateTime: null })?.stuck?.since).toBe(at('02:00:00'));
  });

  it('tell when it was completed, once the controller has seen the newest spec', () => {
    const complete = { status: 'True', reason: 'NewReplicaSetAvailable' };
    expect(rollout(complete)).toMatchObject({ stuck: undefined, completedAt: at('03:00:00'), revision: '7' });
    expect(rollout(complete, { generation: 4, observedGeneration: 3 })).toBeUndefined();
  });

  it.each([
    { status: 'True', reason: 'ReplicaSetUpdated' },
    { status: 'Unknown', reason: 'DeploymentPaused' },
    { status: 'False', reason: 'ReplicaSetCreateError' },
  ])('are not there where it goes on or failed otherwise: %o', (progressing) => {
    expect(rollout(progressing)).toBeUndefined();
  });
});

describe('a job', () => {
  const job = (status: object, meta: object = {}) =>
    summarizeJob(
      {
        metadata: {
          name: 'backup-1',
          namespace: 'shop',
          uid: 'j',
          creationTimestamp: stamp('02:00:00'),
          labels: { app: 'backup' },
          ...meta,
        },
        status,
      },
      intern,
    );

  it('runs', () => {
    expect(job({ active: 1 })).toEqual({
      uid: 'j',
      namespace: 'shop',
      name: 'backup-1',
      owner: undefined,
      labels: { app: 'backup' },
      failed: undefined,
      completedAt: undefined,
      createdAt: at('02:00:00'),
    });
  });

  it('has failed, and whose it is', () => {
    const condition = { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'Job has reached …' };
    const owner = { kind: 'CronJob', name: 'backup', uid: 'c' };
    expect(
      job(
        { conditions: [{ ...condition, lastTransitionTime: stamp('03:00:00') }] },
        { ownerReferences: [{ ...owner, controller: true }] },
      ),
    ).toMatchObject({
      owner,
      failed: { at: at('03:00:00'), reason: 'BackoffLimitExceeded', message: 'Job has reached …' },
      completedAt: undefined,
    });
  });

  it('is complete', () => {
    const conditions = [{ type: 'Complete', status: 'True', lastTransitionTime: stamp('03:00:01') }];
    expect(job({ conditions, completionTime: stamp('03:00:00') }).completedAt).toBe(at('03:00:00'));
    expect(job({ conditions }).completedAt).toBe(at('03:00:01'));
  });

  it('is not failed by a condition that does not hold', () => {
    const conditions = [
      { type: 'Failed', status: 'False' },
      { type: 'FailureTarget', status: 'True' },
    ];
    expect(job({ conditions })).toMatchObject({ failed: undefined, completedAt: undefined });
  });
});
