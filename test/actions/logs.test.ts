import { describe, expect, test } from 'vitest';
import { createLogs } from '../../src/actions/logs.ts';
import { InputError, NotFoundError } from '../../src/errors.ts';
import type { Pod } from '../../src/kubernetes/cluster.ts';
import { clusterWith, containerOf, contextOf, planned, podOf, REQUESTED_AT, workloadOf } from './action-kit.ts';
import type { FakeCluster } from './fake-cluster.ts';

const logs = createLogs();
const web = containerOf();
const sidecar = containerOf({ name: 'sidecar' });
const crashed = { ready: false, state: 'waiting', reason: 'CrashLoopBackOff', exitCode: 1, restarts: 4 } as const;

function clusterOf(...pods: Pod[]): FakeCluster {
  const cluster = clusterWith(workloadOf());
  cluster.pods.push(...pods);
  return cluster;
}

function numbered(count: number): string {
  return Array.from({ length: count }, (_, at) => `line ${at + 1}\n`).join('');
}

async function chosen(cluster: FakeCluster, input: unknown) {
  return (await planned(logs, contextOf(cluster), input)).input as Record<string, unknown>;
}

async function read(cluster: FakeCluster, input: unknown) {
  const context = contextOf(cluster);
  const plan = await planned(logs, context, input);
  if (logs.read === undefined) throw new Error('logs reads');
  return logs.read(context, plan);
}

describe('which pod', () => {
  const old = podOf({ name: 'api-7d9f-old', createdAt: 1 });
  const broken = podOf({ name: 'api-7d9f-bad', createdAt: 2, isReady: false });
  const newest = podOf({ name: 'api-7d9f-new', createdAt: 3 });

  test.each([
    ['the one of that name', { pod: 'api-7d9f-old' }, 'api-7d9f-old'],
    ['in its namespace', { pod: 'api-7d9f-old', namespace: 'default' }, 'api-7d9f-old'],
    ['the newest unready of a workload', { workload: { kind: 'Deployment', name: 'api' } }, 'api-7d9f-bad'],
    ['the same, where the name is a workload’s', { pod: 'api' }, 'api-7d9f-bad'],
  ])('%s', async (_, input, pod) => {
    expect(await chosen(clusterOf(old, broken, newest), input)).toMatchObject({ pod, namespace: 'default' });
  });

  test('the newest, where all are ready, and none that is going away', async () => {
    const going = podOf({ name: 'api-7d9f-bye', createdAt: 9, deleting: true, isReady: false });
    expect(await chosen(clusterOf(old, newest, going), { pod: 'api' })).toMatchObject({ pod: 'api-7d9f-new' });
  });

  test('never one of another workload whose labels overlap', async () => {
    const other = podOf({ name: 'api-canary', createdAt: 9, owner: { kind: 'ReplicaSet', name: 'web-1', uid: 'x' } });
    expect(await chosen(clusterOf(old, other), { pod: 'api' })).toMatchObject({ pod: 'api-7d9f-old' });
  });

  test('is asked where two namespaces have one', async () => {
    const twin = podOf({ name: 'api-7d9f-old', namespace: 'prod', uid: 'twin' });
    const error = await chosen(clusterOf(old, twin), { pod: 'api-7d9f-old', lines: 5 }).catch((e) => e);
    expect(error).toBeInstanceOf(InputError);
    expect(error.advice).toContain('`logs api-7d9f-old -n prod --tail 5`');
  });

  test.each([
    ['of a pod that was replaced', { pod: 'api-7d9f-gone' }, 'Did you mean api'],
    ['of a typing error', { pod: 'apj', namespace: 'default' }, 'Did you mean api'],
  ])('is not found, with what is near: %s', async (_, input, advice) => {
    const error = await chosen(clusterOf(old), input).catch((e) => e);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error.advice).toContain(advice);
  });

  test('is none where the workload has none', async () => {
    await expect(chosen(clusterOf(), { pod: 'api' })).rejects.toThrow('has no pods');
  });

  test('and a namespace that does not exist is said', async () => {
    await expect(chosen(clusterOf(old), { pod: 'x', namespace: 'nope' })).rejects.toThrow(
      'There is no namespace nope that opsbot can see.',
    );
  });
});

describe('which container', () => {
  const of = (...containers: Pod['containers']) => clusterOf(podOf({ containers }));
  const input = { pod: 'api-7d9f-x1' };

  test.each([
    ['the only one', [web], 'web'],
    [
      'the only regular one',
      [containerOf({ name: 'setup', init: true, state: 'terminated', exitCode: 0 }), web],
      'web',
    ],
    ['the one that is not ready', [web, { ...sidecar, ready: false }], 'sidecar'],
    [
      'the one that crashed among unready ones',
      [
        { ...web, ready: false },
        { ...sidecar, ...crashed },
      ],
      'sidecar',
    ],
    [
      'an init container that failed',
      [{ ...web, ready: false }, containerOf({ ...crashed, name: 'setup', init: true })],
      'setup',
    ],
  ])('%s', async (_, containers, container) => {
    expect(await chosen(of(...containers), input)).toMatchObject({ container });
  });

  test('is asked, with the exact commands', async () => {
    const error = await chosen(of(web, sidecar), input).catch((e) => e);
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toBe('Pod api-7d9f-x1 has 2 containers: say which one.');
    expect(error.advice).toBe('Try `logs api-7d9f-x1 -n default -c web` or `logs api-7d9f-x1 -n default -c sidecar`.');
  });

  test('that does not exist is named, with those that do', async () => {
    const error = await chosen(of(web), { ...input, container: 'nope' }).catch((e) => e);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error.advice).toContain('-c web');
  });
});

describe('the answer', () => {
  test('is the last 50 lines, and tells how to see more', async () => {
    const cluster = clusterOf(podOf());
    cluster.logs.set('default/api-7d9f-x1/web', numbered(80));
    const reading = await read(cluster, { pod: 'api-7d9f-x1' });
    expect(reading.headline).toBe('50 lines of api-7d9f-x1 (web) in default');
    expect(reading.body.startsWith('line 31\n')).toBe(true);
    expect(reading.filename).toBe('api-7d9f-x1-web.log');
    expect(reading.note).toBe('More: `logs api-7d9f-x1 -n default -c web --tail 200`');
  });

  test('says nothing of more where there is no more', async () => {
    const cluster = clusterOf(podOf());
    cluster.logs.set('default/api-7d9f-x1/web', numbered(3));
    expect(await read(cluster, { pod: 'api-7d9f-x1' })).toMatchObject({ note: undefined, body: numbered(3) });
  });

  test.each([
    [{}, 'The log is empty.'],
    [{ since: '10m' }, 'Nothing was logged in the last 10m.'],
  ])('of nothing says so: %o', async (options, note) => {
    const cluster = clusterOf(podOf());
    cluster.logs.set('default/api-7d9f-x1/web', '');
    expect(await read(cluster, { pod: 'api-7d9f-x1', ...options })).toMatchObject({ body: '', note });
  });

  test('from before the last restart', async () => {
    const cluster = clusterOf(podOf({ containers: [containerOf({ restarts: 1 })] }));
    cluster.logs.set('default/api-7d9f-x1/web/previous', 'panic\n');
    const reading = await read(cluster, { pod: 'api-7d9f-x1', previous: true });
    expect(reading).toMatchObject({ body: 'panic\n', filename: 'api-7d9f-x1-web-previous.log' });
  });

  test('of one that never restarted has no previous log, and says how to see the present one', async () => {
    const error = await read(clusterOf(podOf()), { pod: 'api-7d9f-x1', previous: true }).catch((e) => e);
    expect(error).toBeInstanceOf(InputError);
    expect(error.advice).toContain('`logs api-7d9f-x1 -n default -c web`');
  });

  test('of a container that has not started is what it waits for', async () => {
    const waiting = containerOf({
      ready: false,
      state: 'waiting',
      reason: 'ImagePullBackOff',
      message: 'Back-off pulling image "web:2": ErrImagePull: rpc error: code = NotFound desc = no such image',
    });
    const error = await read(clusterOf(podOf({ containers: [waiting] })), { pod: 'api-7d9f-x1' }).catch((e) => e);
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toContain('waiting to start');
    expect(error.advice).toBe('The container web waits (ImagePullBackOff): no such image');
  });

  test('of a pod without a node is why', async () => {
    const pod = podOf({ unschedulable: '0/3 nodes are available', isReady: false, createdAt: REQUESTED_AT });
    const error = await read(clusterOf(pod), { pod: 'api-7d9f-x1' }).catch((e) => e);
    expect(error.advice).toBe('The pod finds no node: 0/3 nodes are available');
  });

  test('of a pod without a node is why, also where the API server calls it empty', async () => {
    const pod = podOf({ node: undefined, unschedulable: '0/3 nodes are available', isReady: false });
    const cluster = clusterOf(pod);
    cluster.logs.set('default/api-7d9f-x1/web', '');
    const error = await read(cluster, { pod: 'api-7d9f-x1' }).catch((e) => e);
    expect(error.message).toBe('Pod api-7d9f-x1 has no log yet: it has not started.');
    expect(error.advice).toBe('The pod finds no node: 0/3 nodes are available');
  });

  test('that was cut to its size does not begin within a line', async () => {
    const cluster = clusterOf(podOf());
    cluster.logs.set('default/api-7d9f-x1/web', `password=${'x'.repeat(1024 * 1024)}\nlast\n`);
    const reading = await read(cluster, { pod: 'api-7d9f-x1' });
    expect(reading).toMatchObject({ body: 'last\n', note: 'Only the last 1 MiB is shown.' });
  });
});

describe('input', () => {
  test.each([
    [{}, 'Say which pod, or which workload.'],
    [{ pod: 'a', workload: { kind: 'Deployment', name: 'a' } }, 'Say which pod, or which workload.'],
    [{ pod: 'a', lines: 0 }, 'Lines must be a whole number from 1 to 5000.'],
    [{ pod: 'a', lines: 5001 }, 'Lines must be a whole number from 1 to 5000.'],
    [{ pod: 'a', since: 'yesterday' }, 'Since must be a time such as 30s, 10m, 1h30m or 2d.'],
    [{ pod: 'a', since: '0s' }, 'Since must be a time such as 30s, 10m, 1h30m or 2d.'],
  ])('%o: %s', (input, message) => {
    expect(logs.input.safeParse(input).error?.issues[0]?.message).toBe(message);
  });
});
