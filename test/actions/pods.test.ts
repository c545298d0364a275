import { describe, expect, test } from 'vitest';
import { humanDuration } from '../../src/actions/human-duration.ts';
import { createPods } from '../../src/actions/pods.ts';
import { NotAllowedError, NotFoundError } from '../../src/errors.ts';
import { clusterWith, containerOf, contextOf, planned, podOf, REQUESTED_AT, workloadOf } from './action-kit.ts';
import type { FakeCluster } from './fake-cluster.ts';

const pods = createPods();

async function read(cluster: FakeCluster, input: unknown) {
  const context = contextOf(cluster);
  const plan = await planned(pods, context, input);
  if (pods.read === undefined) throw new Error('pods reads');
  return pods.read(context, plan);
}

function clusterWithPods(): FakeCluster {
  const cluster = clusterWith(workloadOf());
  const down = containerOf({ ready: false, state: 'waiting', reason: 'CrashLoopBackOff' });
  cluster.pods.push(
    podOf({ name: 'api-7d9f-a' }),
    podOf({
      name: 'api-7d9f-b',
      containers: [down],
      status: 'CrashLoopBackOff',
      restarts: 5,
      restartedAt: REQUESTED_AT - 300_000,
    }),
    podOf({ name: 'job-1', status: 'Completed', isReady: false, node: undefined, owner: undefined }),
    podOf({ name: 'other', namespace: 'prod' }),
  );
  return cluster;
}

test('prints what kubectl prints, what is in trouble first', async () => {
  const reading = await read(clusterWithPods(), { namespace: 'default' });
  expect(reading.headline).toBe('3 pods in default, 1 not ready');
  expect(reading.body).toBe(
    [
      'NAME         READY   STATUS             RESTARTS     AGE   NODE',
      'api-7d9f-b   0/1     CrashLoopBackOff   5 (5m ago)   60m   node-1',
      'api-7d9f-a   1/1     Running            0            60m   node-1',
      'job-1        1/1     Completed          0            60m   <none>',
    ].join('\n'),
  );
  expect(reading.filename).toBe('pods-default.txt');
});

test('of a workload, its own only', async () => {
  const reading = await read(clusterWithPods(), { workload: { kind: 'Deployment', name: 'api' } });
  expect(reading.headline).toBe('2 pods of deployment api in default, 1 not ready');
  expect(reading.body).not.toContain('job-1');
});

test('of a selector', async () => {
  const reading = await read(clusterWithPods(), { namespace: 'default', selector: 'app=job' });
  expect(reading.headline).toBe('1 pod in default with app=job');
});

test('of an empty namespace says so', async () => {
  const reading = await read(clusterWith(), { namespace: 'prod' });
  expect(reading).toMatchObject({ headline: 'No pods in prod', body: '' });
});

test('of a namespace that does not exist names those that are near', async () => {
  const error = await read(clusterWith(), { namespace: 'prd' }).catch((e) => e);
  expect(error).toBeInstanceOf(NotFoundError);
  expect(error.advice).toBe('Did you mean prod?');
});

test('of a namespace that is left out is refused', async () => {
  await expect(read(clusterWith(), { namespace: 'kube-system' })).rejects.toBeInstanceOf(NotAllowedError);
});

describe('input', () => {
  test.each([
    [{}, 'Say which namespace.'],
    [{ namespace: 'Prod' }, /^“Prod” cannot be the name of a namespace/],
    [{ namespace: 'a', selector: 'a; rm' }, /^The label selector must look like/],
  ])('%o', (input, message) => {
    expect(pods.input.safeParse(input).error?.issues[0]?.message).toMatch(message);
  });
});

describe('ages as kubectl tells them', () => {
  const s = 1000;
  const m = 60 * s;
  const h = 60 * m;
  const d = 24 * h;
  test.each([
    [-5 * s, '0s'],
    [119 * s, '119s'],
    [2 * m, '2m'],
    [3 * m + 20 * s, '3m20s'],
    [10 * m + 20 * s, '10m'],
    [179 * m, '179m'],
    [3 * h + 5 * m, '3h5m'],
    [8 * h + 5 * m, '8h'],
    [47 * h, '47h'],
    [2 * d + 3 * h, '2d3h'],
    [8 * d + 3 * h, '8d'],
    [729 * d, '729d'],
    [2 * 365 * d + 5 * d, '2y5d'],
    [9 * 365 * d, '9y'],
  ])('%i ms: %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });
});
