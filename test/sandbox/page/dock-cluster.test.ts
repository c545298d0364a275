import { describe, expect, it } from 'vitest';
import { describePod, describePods } from './app/dock/cluster/describe-pods.ts';
import { keepLeaving, type ShownPod } from './app/dock/cluster/keep-leaving.ts';
import { secondsLeft } from './app/dock/cluster/seconds-left.ts';
import { byNamespace, isInTrouble, shortKind } from './app/dock/cluster/standing.ts';
import { counted } from './app/dock/counted.ts';
import type { PodSlice, WorkloadSlice } from './wire.ts';

const pod = (name: string, change: Partial<PodSlice> = {}): PodSlice => ({
  ...{ name, colour: 'good', status: 'Running', restarts: 0, node: 'node-1' },
  ...change,
});
const crashing = (name: string) => pod(name, { colour: 'bad', status: 'CrashLoopBackOff', restarts: 3 });
const workload = (change: Partial<WorkloadSlice> = {}): WorkloadSlice => ({
  ...{ kind: 'Deployment', namespace: 'default', name: 'nginx', wanted: 2, ready: 2 },
  ...{ pods: [pod('a'), pod('b')], morePods: 0, trouble: undefined },
  ...change,
});

describe('a pod’s words', () => {
  it.each<[string, PodSlice, string]>([
    ['say its status and its node', pod('a'), 'a: Running, on node-1'],
    ['say how often it was started again', crashing('a'), 'a: CrashLoopBackOff, 3 restarts, on node-1'],
    ['count one restart as one', pod('a', { restarts: 1 }), 'a: Running, 1 restart, on node-1'],
    ['leave out a node that it does not have', pod('a', { status: 'Pending', node: undefined }), 'a: Pending'],
    ['say that it runs and is not ready', pod('a', { colour: 'starting' }), 'a: not ready yet, on node-1'],
    ['say that its node is lost', pod('a', { colour: 'bad' }), 'a: lost with its node, on node-1'],
    [
      'say that no node takes it',
      pod('a', { colour: 'bad', status: 'Pending', node: undefined }),
      'a: fits on no node',
    ],
  ])('%s', (_, given, words) => {
    expect(describePod(given)).toBe(words);
  });
});

describe('the summary of a workload’s pods', () => {
  it.each<[string, WorkloadSlice, string]>([
    ['is short where all is well', workload(), '2 of 2 pods ready'],
    [
      'counts by status what is not well',
      workload({
        wanted: 4,
        ready: 1,
        pods: [pod('a'), crashing('b'), crashing('c'), pod('d', { colour: 'starting' })],
      }),
      '1 of 4 pods ready; 2 CrashLoopBackOff, 1 not ready yet',
    ],
    [
      'counts what is not shown',
      workload({ wanted: 52, ready: 52, morePods: 50 }),
      '52 of 52 pods ready; 50 not shown',
    ],
    ['knows one pod', workload({ wanted: 1, ready: 0, pods: [] }), '0 of 1 pod ready'],
  ])('%s', (_, given, words) => {
    expect(describePods(given)).toBe(words);
  });
});

describe('a workload', () => {
  it.each<[string, WorkloadSlice, boolean]>([
    ['is in trouble with a pod that is', workload({ pods: [pod('a'), crashing('b')] }), true],
    ['is in trouble while what was done to it lasts', workload({ trouble: 'crash' }), true],
    ['is not in trouble when all is well', workload(), false],
    [
      'is not in trouble while its pods start and end',
      workload({ ready: 0, pods: [pod('a', { colour: 'starting' }), pod('b', { colour: 'ending' })] }),
      false,
    ],
  ])('%s', (_, given, expected) => {
    expect(isInTrouble(given)).toBe(expected);
  });

  it('stands with the others of its namespace, in their order', () => {
    const all = [workload({ name: 'a' }), workload({ name: 'b' }), workload({ namespace: 'prod', name: 'a' })];
    expect(byNamespace(all).map(([namespace, inside]) => [namespace, inside.map(({ name }) => name)])).toEqual([
      ['default', ['a', 'b']],
      ['prod', ['a']],
    ]);
  });

  it('has its kind as kubectl abbreviates it, or in full', () => {
    expect(['Deployment', 'StatefulSet', 'DaemonSet', 'Rollout'].map(shortKind)).toEqual([
      'deploy',
      'sts',
      'ds',
      'Rollout',
    ]);
  });
});

describe('pods that are gone', () => {
  const next = (shown: readonly ShownPod[], ...names: string[]) =>
    keepLeaving(
      shown,
      names.map((name) => pod(name)),
    );
  const seen = (shown: readonly ShownPod[]) => shown.map((one) => (one.isLeaving ? `(${one.pod.name})` : one.pod.name));

  it('leave from the place that they had', () => {
    const before = next([], 'a', 'b', 'c', 'd');
    expect(seen(next(before, 'c', 'e'))).toEqual(['(a)', '(b)', 'c', '(d)', 'e']);
  });

  it('go on leaving while others come', () => {
    const first = next(next([], 'a', 'b'), 'b');
    expect(seen(next(first, 'b', 'c'))).toEqual(['(a)', 'b', 'c']);
  });

  it('are there again when one of the same name comes', () => {
    const first = next(next([], 'db-0', 'db-1'), 'db-1');
    expect(seen(next(first, 'db-1', 'db-0'))).toEqual(['db-1', 'db-0']);
  });
});

it.each([
  [30_000, 30],
  [29_001, 30],
  [1, 1],
  [0, 0],
  [-500, 0],
])('%i ms are %i s to wait', (ms, seconds) => {
  expect(secondsLeft(1_000_000 + ms, 1_000_000)).toBe(seconds);
});

it('counts in words', () => {
  expect([0, 1, 1_200].map((count) => counted(count, 'pod'))).toEqual(['0 pods', '1 pod', '1,200 pods']);
});
