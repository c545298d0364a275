import { describe, expect, it } from 'vitest';
import { podRow } from '../../src/kubernetes/pod-row.ts';
import type { RawContainerStatus, RawPod } from '../../src/kubernetes/raw.ts';

type Status = RawContainerStatus;
const running = (ready = true, more: Partial<Status> = {}): Status => ({ ready, state: { running: {} }, ...more });
const waiting = (reason?: string, more: Partial<Status> = {}): Status => ({
  ready: false,
  state: { waiting: reason === undefined ? {} : { reason } },
  ...more,
});
const ended = (exitCode: number, reason?: string, signal?: number): Status => ({
  ready: false,
  state: { terminated: { exitCode, ...(reason ? { reason } : {}), ...(signal ? { signal } : {}) } },
});
const sidecar = (status: Status, started = true): Status & { sidecar: true } => ({ ...status, started, sidecar: true });

interface Shape {
  phase?: string;
  reason?: string;
  init?: (Status & { sidecar?: true })[];
  main?: Status[];
  /** Condition types that are True. */
  conditions?: string[];
  deleted?: boolean;
  gated?: boolean;
}

function pod({ phase = 'Running', reason, init = [], main = [], conditions = [], deleted, gated }: Shape): RawPod {
  return {
    metadata: deleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {},
    spec: {
      initContainers: init.map((one, index) => ({
        name: `init-${index}`,
        ...(one.sidecar ? { restartPolicy: 'Always' } : {}),
      })),
      containers: main.map((_, index) => ({ name: `main-${index}` })),
    },
    status: {
      phase,
      ...(reason ? { reason } : {}),
      conditions: [
        ...conditions.map((type) => ({ type, status: 'True' })),
        ...(gated ? [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] : []),
      ],
      initContainerStatuses: init.map((one, index) => ({ ...one, name: `init-${index}` })),
      containerStatuses: main.map((one, index) => ({ ...one, name: `main-${index}` })),
    },
  };
}

const done = ended(0, 'Completed');

describe('the STATUS and READY columns', () => {
  it.each<[string, string, Shape]>([
    ['Running', '2/2', { main: [running(), running()] }],
    ['Running', '1/2', { main: [running(), running(false)] }],
    ['Pending', '0/1', { phase: 'Pending', main: [waiting()] }],
    ['ContainerCreating', '0/1', { phase: 'Pending', main: [waiting('ContainerCreating')] }],
    ['ImagePullBackOff', '0/1', { phase: 'Pending', main: [waiting('ImagePullBackOff')] }],
    ['CrashLoopBackOff', '1/2', { main: [running(), waiting('CrashLoopBackOff')] }],
    ['ErrImagePull', '0/2', { main: [waiting('ErrImagePull'), waiting('CrashLoopBackOff')] }],
    ['OOMKilled', '0/1', { main: [ended(137, 'OOMKilled')] }],
    ['Error', '0/1', { phase: 'Failed', main: [ended(1, 'Error')] }],
    ['ExitCode:3', '0/1', { main: [ended(3)] }],
    ['Signal:9', '0/1', { main: [ended(137, undefined, 9)] }],
    ['Completed', '0/1', { phase: 'Succeeded', main: [done] }],
    ['Running', '1/2', { main: [done, running()], conditions: ['Ready'] }],
    ['NotReady', '1/2', { main: [done, running()] }],
    ['Completed', '0/2', { main: [done, running(false)] }],
    ['Error', '1/2', { main: [ended(1, 'Error'), running()] }],
    ['Evicted', '0/0', { phase: 'Failed', reason: 'Evicted' }],
    ['SchedulingGated', '0/0', { phase: 'Pending', gated: true }],
    ['Terminating', '1/1', { main: [running()], deleted: true }],
    ['Terminating', '0/1', { main: [waiting('CrashLoopBackOff')], deleted: true }],
    ['Completed', '0/1', { phase: 'Succeeded', main: [done], deleted: true }],
    ['Error', '0/1', { phase: 'Failed', main: [ended(1, 'Error')], deleted: true }],
    ['Unknown', '1/1', { reason: 'NodeLost', main: [running()], deleted: true }],
    ['NodeLost', '1/1', { reason: 'NodeLost', main: [running()] }],
    [
      'Init:0/2',
      '0/1',
      { phase: 'Pending', init: [running(false), waiting('PodInitializing')], main: [waiting('PodInitializing')] },
    ],
    ['Init:1/2', '0/1', { phase: 'Pending', init: [done, running(false)], main: [waiting('PodInitializing')] }],
    ['Init:0/1', '0/1', { phase: 'Pending', init: [waiting('PodInitializing')], main: [waiting('PodInitializing')] }],
    ['PodInitializing', '0/1', { phase: 'Pending', init: [done], main: [waiting('PodInitializing')] }],
    [
      'Init:CrashLoopBackOff',
      '0/1',
      { phase: 'Pending', init: [waiting('CrashLoopBackOff')], main: [waiting('PodInitializing')] },
    ],
    ['Init:ErrImagePull', '0/1', { phase: 'Pending', init: [done, waiting('ErrImagePull')], main: [waiting()] }],
    ['Init:Error', '0/1', { phase: 'Pending', init: [ended(1, 'Error')], main: [waiting('PodInitializing')] }],
    ['Init:ExitCode:4', '0/1', { phase: 'Pending', init: [ended(4)], main: [waiting()] }],
    ['Init:Signal:15', '0/1', { phase: 'Pending', init: [ended(143, undefined, 15)], main: [waiting()] }],
    ['Terminating', '0/1', { phase: 'Pending', init: [running(false)], main: [waiting()], deleted: true }],
    // Native sidecars count among the containers, and keep running beside the others.
    ['Running', '2/2', { init: [sidecar(running())], main: [running()] }],
    ['Running', '1/2', { init: [sidecar(running(false))], main: [running()] }],
    [
      'Init:0/2',
      '0/2',
      { phase: 'Pending', init: [sidecar(running(false), false), waiting('PodInitializing')], main: [waiting()] },
    ],
    [
      'Init:1/2',
      '1/2',
      { phase: 'Pending', init: [sidecar(running()), running(false)], main: [waiting('PodInitializing')] },
    ],
    // A sidecar that crashes after the start does not make the pod look as if it had never started.
    [
      'CrashLoopBackOff',
      '0/2',
      {
        init: [sidecar(waiting('CrashLoopBackOff'), false)],
        main: [waiting('CrashLoopBackOff')],
        conditions: ['Initialized'],
      },
    ],
    [
      'Init:CrashLoopBackOff',
      '1/2',
      { init: [sidecar(waiting('CrashLoopBackOff'), false)], main: [running()], conditions: ['Initialized'] },
    ],
  ])('%s %s', (status, ready, shape) => {
    const row = podRow(pod(shape));
    expect([row.status, `${row.ready}/${row.total}`]).toEqual([status, ready]);
  });

  it('makes do with a pod of which nothing is known yet', () => {
    expect(podRow({})).toEqual({ status: 'Unknown', ready: 0, total: 0, restarts: 0, restartedAt: undefined });
    expect(podRow({ spec: { containers: null }, status: { phase: 'Pending', containerStatuses: null } }).status).toBe(
      'Pending',
    );
  });
});

describe('the RESTARTS column', () => {
  const restarted = (count: number, finishedAt?: string): Partial<Status> => ({
    restartCount: count,
    ...(finishedAt ? { lastState: { terminated: { finishedAt } } } : {}),
  });
  const [early, late] = ['2026-01-01T10:00:00Z', '2026-01-01T11:00:00Z'];

  it('adds up regular containers and dates the latest', () => {
    const row = podRow(pod({ main: [running(true, restarted(2, late)), running(true, restarted(1, early))] }));
    expect(row.restarts).toBe(3);
    expect(row.restartedAt).toBe(Date.parse(late));
  });

  it('counts init containers only while they run, sidecars always', () => {
    const once = { ...ended(0, 'Completed'), ...restarted(4, late) };
    const beside = sidecar(running(true, restarted(1, early)));
    expect(podRow(pod({ init: [once, running(false, restarted(3))], main: [waiting()] })).restarts).toBe(7);
    const after = podRow(pod({ init: [once, beside], main: [running(true, restarted(2))] }));
    expect(after.restarts).toBe(3);
    expect(after.restartedAt).toBe(Date.parse(early));
  });
});
