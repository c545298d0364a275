import { describe, expect, test } from 'vitest';
import { PACE } from '../../src/actions/follow-rollout.ts';
import { createRestart } from '../../src/actions/restart.ts';
import { InputError } from '../../src/errors.ts';
import { clusterWith, contextOf, planned, workloadOf } from './action-kit.ts';

const restart = createRestart(PACE);
const input = { workload: { name: 'api' } };
type Change = Parameters<typeof workloadOf>[0];

test('the time in the patch is the time of the request', async () => {
  const clock = { now: () => Date.UTC(2027, 0, 1) };
  const plan = await planned(restart, contextOf(clusterWith(workloadOf()), clock), input);
  expect(plan.patch).toEqual({
    spec: {
      template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-11-22T14:00:00.000Z' } } },
    },
  });
  expect(plan.diff).toEqual([{ field: 'Last restart', before: 'never', after: '2026-11-22T14:00:00.000Z' }]);
  expect(plan.preconditions).toEqual([{ field: 'paused', equals: false }]);
  expect(plan.warnings).toEqual([]);
  expect(restart.headline(plan)).toBe('Restart deployment api in default');
});

test('an earlier restart is shown', async () => {
  const cluster = clusterWith(workloadOf({ restartedAt: '2026-11-01T00:00:00Z' }));
  const plan = await planned(restart, contextOf(cluster), input);
  expect(plan.diff[0]?.before).toBe('2026-11-01T00:00:00Z');
});

describe('warns', () => {
  test.each<[string, Change, RegExp[]]>([
    ['of OnDelete', { kind: 'DaemonSet', strategy: 'OnDelete' }, [/no pod restarts until somebody deletes it/]],
    ['of Recreate', { strategy: 'Recreate' }, [/all pods stop before/]],
    ['of a single pod of a StatefulSet', { kind: 'StatefulSet', replicas: 1 }, [/stops before the new one starts/]],
    ['of a single pod of a Deployment', { replicas: 1 }, [/maxSurge/]],
    ['not of a single pod of a DaemonSet', { kind: 'DaemonSet', replicas: 1 }, []],
    ['of a partition', { kind: 'StatefulSet', partition: 2 }, [/partition is 2: 2 pods will not restart/]],
    ['of a rollout under way', { updated: 1 }, [/1 of 3 pods updated/]],
    ['of pods that are not ready', { ready: 2 }, [/Only 2 of 3 pods are ready/]],
  ])('%s', async (_, change, expected) => {
    const { warnings } = await planned(restart, contextOf(clusterWith(workloadOf(change))), input);
    expect(warnings).toHaveLength(expected.length);
    for (const [at, pattern] of expected.entries()) expect(warnings[at]).toMatch(pattern);
  });
});

describe('refuses, and says what to do', () => {
  test.each<[string, Change, RegExp, string]>([
    ['a paused Deployment', { paused: true }, /is paused/, '`kubectl rollout resume deployment/api -n default`'],
    ['nothing to restart', { replicas: 0 }, /has no pods to restart/, '`scale deployment api 1 -n default`'],
    ['a ReplicaSet', { kind: 'ReplicaSet' }, /cannot restart/, 'Delete its pods one by one'],
    ['a DaemonSet without nodes', { kind: 'DaemonSet', replicas: 0 }, /has no pods/, 'No node matches it.'],
  ])('%s', async (_, change, message, advice) => {
    const error = await planned(restart, contextOf(clusterWith(workloadOf(change))), input).catch((e) => e);
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toMatch(message);
    expect(error.advice).toContain(advice);
  });
});
