import { describe, expect, test } from 'vitest';
import { ATTENTION_LIMIT, overviewOf } from '../../src/kubernetes/overview.ts';
import { classOf } from '../../src/kubernetes/pod-status.ts';
import { largeSnapshot, NOW, nodeOf, podOf, snapshotOf, workloadOf } from './snapshot-of.ts';

const overview = (parts: Parameters<typeof snapshotOf>[0], namespace?: string) =>
  overviewOf(snapshotOf(parts), { namespace, now: NOW });
const MINUTE = 60_000;

describe('the numbers', () => {
  test('of an empty cluster', () => {
    expect(overview({})).toMatchObject({
      nodes: undefined,
      workloads: { total: 0, healthy: 0, degraded: 0 },
      pods: { total: 0, notReady: 0, byStatus: [] },
      restarts: { pods: 0, restarts: 0 },
      attention: [],
      attentionTotal: 0,
    });
  });

  test('of nodes, workloads and pods; the worst state first', () => {
    const found = overview({
      nodes: [nodeOf('a'), nodeOf('b', { ready: false, status: 'NotReady' }), nodeOf('c', { unschedulable: true })],
      workloads: [
        workloadOf('ok'),
        workloadOf('off', { replicas: 0, ready: 0, updated: 0 }),
        workloadOf('bad', { ready: 1 }),
        workloadOf('inner', { owned: true, ready: 0 }),
      ],
      pods: [
        podOf('a', 'ok'),
        podOf('b', 'ok', { isReady: false, ready: 0 }),
        podOf('c', 'bad', { status: 'CrashLoopBackOff', isReady: false }),
        podOf('d', undefined, { status: 'Completed', isReady: false }),
        podOf('e', 'bad', { status: 'Init:ImagePullBackOff', isReady: false }),
      ],
    });
    expect(found.nodes).toEqual({ total: 3, ready: 2, cordoned: 1 });
    expect(found.workloads).toEqual({ total: 3, healthy: 2, degraded: 1 });
    expect(found.pods).toEqual({
      total: 5,
      notReady: 1,
      byStatus: [
        { status: 'CrashLoopBackOff', count: 1 },
        { status: 'Init:ImagePullBackOff', count: 1 },
        { status: 'Running', count: 2 },
        { status: 'Completed', count: 1 },
      ],
    });
  });

  test('of restarts claim no more than is known', () => {
    const found = overview({
      pods: [
        podOf('old', 'x', { restarts: 40, restartedAt: NOW - 5 * MINUTE }),
        podOf('young', 'x', { restarts: 4, restartedAt: NOW - 5 * MINUTE, createdAt: NOW - 30 * MINUTE }),
        podOf('long-ago', 'x', { restarts: 9, restartedAt: NOW - 61 * MINUTE }),
        podOf('never', 'x'),
      ],
    });
    expect(found.restarts).toEqual({ pods: 2, restarts: 5 });
  });

  test('of one namespace leave out the others, but not the nodes', () => {
    const found = overview(
      {
        nodes: [nodeOf('a')],
        workloads: [workloadOf('x', { ready: 0 }), workloadOf('y', { namespace: 'staging', ready: 0 })],
        pods: [podOf('x', 'x'), podOf('y', 'y', { namespace: 'staging' })],
      },
      'staging',
    );
    expect(found.nodes?.total).toBe(1);
    expect(found.workloads.total).toBe(1);
    expect(found.pods.total).toBe(1);
    expect(found.attention.map(({ name }) => name)).toEqual(['y']);
  });
});

describe('what needs attention', () => {
  test('comes worst first', () => {
    const { attention } = overview({
      nodes: [nodeOf('node-9', { ready: false, status: 'NotReady, DiskPressure' })],
      workloads: [
        workloadOf('slow', { ready: 2, updated: 1 }),
        workloadOf('stuck', { ready: 2, problem: 'ProgressDeadlineExceeded' }),
        workloadOf('no-image', { ready: 2 }),
        workloadOf('crashing', { ready: 2 }),
        workloadOf('down', { ready: 0 }),
        workloadOf('fine'),
      ],
      pods: [
        podOf('1', 'no-image', { status: 'ImagePullBackOff' }),
        podOf('2', 'crashing', { status: 'CrashLoopBackOff' }),
        podOf('3', 'fine', { status: 'Pending', node: undefined, createdAt: NOW - 10 * MINUTE }),
      ],
    });
    expect(attention.map(({ kind, name, why }) => `${kind} ${name}: ${why}`)).toEqual([
      'Deployment down: 0 of 3 ready',
      'Deployment crashing: 2 of 3 ready, 1 CrashLoopBackOff',
      'Deployment no-image: 2 of 3 ready, 1 ImagePullBackOff',
      'Deployment stuck: 2 of 3 ready, ProgressDeadlineExceeded',
      'Node node-9: NotReady, DiskPressure',
      'Deployment fine: 3 of 3 ready, 1 Pending',
      'Deployment slow: 2 of 3 ready, 1 of 3 updated',
    ]);
  });

  test('gathers pods under their workload, whoever stands between', () => {
    const { attention } = overview({
      workloads: [workloadOf('web', { ready: 0 }), workloadOf('db', { kind: 'StatefulSet', ready: 2 })],
      pods: [
        podOf('1', 'web', { status: 'CrashLoopBackOff' }),
        podOf('2', 'web', { status: 'CrashLoopBackOff' }),
        podOf('3', 'web', { status: 'ErrImagePull' }),
        podOf('db-0', undefined, { status: 'OOMKilled', owner: { kind: 'StatefulSet', name: 'db', uid: 'w-db' } }),
      ],
    });
    expect(attention.map(({ name, why }) => `${name}: ${why}`)).toEqual([
      'web: 0 of 3 ready, 2 CrashLoopBackOff, 1 ErrImagePull',
      'db: 2 of 3 ready, 1 OOMKilled',
    ]);
  });

  test('shows pods of other owners once for each owner', () => {
    const owner = { kind: 'Job', name: 'migrate', uid: 'j-1' };
    const { attention, attentionTotal } = overview({
      pods: [
        podOf('migrate-1', undefined, { status: 'Error', owner }),
        podOf('migrate-2', undefined, { status: 'Error', owner }),
        podOf('bare', undefined, { status: 'CrashLoopBackOff' }),
      ],
    });
    expect(attentionTotal).toBe(2);
    expect(attention.map(({ kind, name, why }) => `${kind} ${name}: ${why}`)).toEqual([
      'Pod bare: CrashLoopBackOff',
      'Pod migrate-1: 2 Error; 1 more pod of Job migrate',
    ]);
  });

  test('gives a new pod time to start', () => {
    const pods = [podOf('1', 'web', { status: 'ContainerCreating', isReady: false, createdAt: NOW - 30_000 })];
    expect(overview({ workloads: [workloadOf('web')], pods }).attention).toEqual([]);
  });

  test('puts dead pods of a healthy workload last', () => {
    const { attention } = overview({
      workloads: [workloadOf('healthy'), workloadOf('slow', { ready: 2 })],
      pods: [podOf('1', 'healthy', { status: 'Error' })],
    });
    expect(attention.map(({ name }) => name)).toEqual(['slow', 'healthy']);
  });

  test('is cut, and counted in full', () => {
    const workloads = Array.from({ length: 200 }, (_, index) => workloadOf(`w${index}`, { ready: 0 }));
    const found = overview({ workloads });
    expect(found.attention).toHaveLength(ATTENTION_LIMIT);
    expect(found.attentionTotal).toBe(200);
    expect(found.attention).toEqual(overview({ workloads: workloads.toReversed() }).attention);
  });
});

test.each([
  ['CrashLoopBackOff', 'crashing'],
  ['Init:CrashLoopBackOff', 'crashing'],
  ['Init:1/3', 'waiting'],
  ['ExitCode:137', 'failed'],
  ['Init:Signal:9', 'failed'],
  ['Running', 'running'],
  ['Terminating', 'other'],
  ['constructor', 'other'],
  ['', 'other'],
] as const)('the status %s means %s', (status, meaning) => {
  expect(classOf(status)).toBe(meaning);
});

test('10,000 pods, a third of them crashing, are counted in full', () => {
  const found = overviewOf(largeSnapshot({ pods: 10_000, brokenEvery: 3 }), { now: NOW });
  expect(found.pods.byStatus).toEqual([
    { status: 'CrashLoopBackOff', count: 3334 },
    { status: 'Running', count: 6666 },
  ]);
  expect(found.restarts).toEqual({ pods: 3334, restarts: 3334 });
  expect(found.attention[0]?.why).toMatch(/^10 of 10 ready, \d+ CrashLoopBackOff$/);
});
