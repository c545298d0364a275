import { describe, expect, test } from 'vitest';
import { PACE } from '../../src/actions/follow-rollout.ts';
import { createScale } from '../../src/actions/scale.ts';
import { InputError } from '../../src/errors.ts';
import { clusterWith, contextOf, planned, workloadOf } from './action-kit.ts';

const scale = createScale(PACE);
const input = (replicas: unknown) => ({ workload: { name: 'api' }, replicas });

describe('replicas', () => {
  test.each([
    [-1, 'Replicas cannot be negative (-1).'],
    [1.5, 'Replicas must be a whole number, not 1.5.'],
    [Number.NaN, 'Replicas must be a whole number, for example 3.'],
    [Number.POSITIVE_INFINITY, 'Replicas must be a whole number, for example 3.'],
    ['3', 'Replicas must be a whole number, for example 3.'],
    [undefined, 'Say how many replicas, for example 3.'],
    [1e9, 'opsbot scales to at most 1000 replicas, not 1000000000; for more than that use kubectl.'],
    [1e300, 'Replicas must be a whole number, not 1e+300.'],
  ])('%s is refused in a sentence', (replicas, message) => {
    expect(scale.input.safeParse(input(replicas)).error?.issues[0]?.message).toBe(message);
  });

  test.each([0, 1, 1000])('%s is fine', (replicas) => {
    expect(scale.input.safeParse(input(replicas)).success).toBe(true);
  });
});

test('the plan has the whole workload, the patch, the precondition and the diff', async () => {
  const plan = await planned(scale, contextOf(clusterWith(workloadOf())), input(5));
  expect(plan).toEqual({
    action: 'scale',
    input: { workload: { kind: 'Deployment', namespace: 'default', name: 'api' }, replicas: 5 },
    target: { kind: 'Deployment', namespace: 'default', name: 'api', uid: 'Deployment-default-api' },
    patch: { spec: { replicas: 5 } },
    preconditions: [{ field: 'replicas', equals: 3 }],
    diff: [{ field: 'Replicas', before: '3', after: '5' }],
    warnings: [],
  });
  expect(scale.headline(plan)).toBe('Scale deployment api in default to 5 replicas');
  expect(scale.undo?.(plan)).toEqual({
    action: 'scale',
    input: { workload: { kind: 'Deployment', namespace: 'default', name: 'api' }, replicas: 3 },
  });
});

describe('warns', () => {
  const warningsFor = async (workload: Parameters<typeof workloadOf>[0], replicas: number, hpa?: [number, number]) => {
    const cluster = clusterWith(workloadOf(workload));
    const target = workloadOf(workload);
    if (hpa !== undefined) cluster.autoscalers.push({ target, autoscaler: { name: 'web', min: hpa[0], max: hpa[1] } });
    return (await planned(scale, contextOf(cluster), input(replicas))).warnings;
  };

  test.each<[string, Parameters<typeof workloadOf>[0], number, [number, number] | undefined, RegExp[]]>([
    ['that nothing serves at 0', {}, 0, undefined, [/stops all 3 pods/]],
    ['that the only pod stops', { replicas: 1 }, 0, undefined, [/stops its only pod:/]],
    ['of more than double', {}, 7, undefined, [/more than double the 3 pods/]],
    ['not of double', {}, 6, undefined, []],
    ['not of the first pods', { replicas: 0 }, 6, undefined, []],
    ['of an autoscaler', {}, 5, [2, 10], [/autoscaler web \(2–10\) will set the number/]],
    ['of an autoscaler outside its range', {}, 5, [6, 10], [/allows 6–10: it will set 5 back at once/]],
    ['of an autoscaler that 0 switches off', {}, 0, [2, 10], [/stops all/, /switched off while there are 0/]],
    ['of a paused Deployment', { paused: true }, 4, undefined, [/paused/]],
    [
      'of a manager',
      { kind: 'StatefulSet', owner: { kind: 'Kafka', name: 'k', uid: 'u' } },
      4,
      undefined,
      [/Kafka k manages it/],
    ],
  ])('%s', async (_, workload, replicas, hpa, expected) => {
    const warnings = await warningsFor(workload, replicas, hpa);
    expect(warnings).toHaveLength(expected.length);
    for (const [at, pattern] of expected.entries()) expect(warnings[at]).toMatch(pattern);
  });
});

describe('refuses, and says what to do', () => {
  const refusal = async (workload: Parameters<typeof workloadOf>[0], replicas = 5) => {
    const error = await planned(scale, contextOf(clusterWith(workloadOf(workload))), input(replicas)).catch((e) => e);
    expect(error).toBeInstanceOf(InputError);
    return error as InputError;
  };

  test('a DaemonSet', async () => {
    const error = await refusal({ kind: 'DaemonSet' });
    expect(error.message).toContain('one pod on each node');
    expect(error.advice).toContain('`restart daemonset api -n default`');
  });

  test('a ReplicaSet that a Deployment owns', async () => {
    const cluster = clusterWith(
      workloadOf({ kind: 'ReplicaSet', name: 'api-1', owner: { kind: 'Deployment', name: 'api', uid: 'u' } }),
    );
    const wanted = { workload: { kind: 'ReplicaSet', namespace: 'default', name: 'api-1' }, replicas: 5 };
    const error = await planned(scale, contextOf(cluster), wanted).catch((e) => e);
    expect(error).toBeInstanceOf(InputError);
    expect(error.advice).toContain('`scale deployment api 5 -n default`');
  });

  test('what is already so', async () => {
    const error = await refusal({}, 3);
    expect(error.message).toBe('The deployment api in default already has 3 replicas.');
    expect(error.field).toBe('replicas');
  });
});

test('a ReplicaSet of its own scales', async () => {
  const plan = await planned(scale, contextOf(clusterWith(workloadOf({ kind: 'ReplicaSet' }))), input(5));
  expect(plan.target.kind).toBe('ReplicaSet');
});

test('a namespace beside the workload narrows it, and has to agree', async () => {
  const cluster = clusterWith(workloadOf(), workloadOf({ namespace: 'prod' }));
  const plan = await planned(scale, contextOf(cluster), { ...input(5), namespace: 'prod' });
  expect(plan.target.namespace).toBe('prod');
  const clash = { namespace: 'prod', workload: { namespace: 'default', name: 'api' }, replicas: 5 };
  await expect(planned(scale, contextOf(cluster), clash)).rejects.toThrow('api is in default, not in prod.');
});
