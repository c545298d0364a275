import { describe, expect, test } from 'vitest';
import { resolveWorkload } from '../../src/actions/resolve-workload.ts';
import { type DomainError, InputError, NotAllowedError, NotFoundError, UnavailableError } from '../../src/errors.ts';
import type { WorkloadRef } from '../../src/kubernetes/cluster.ts';
import { clusterWith, contextOf, workloadOf } from './action-kit.ts';

const choice = {
  kinds: ['Deployment', 'StatefulSet'] as const,
  command: ({ kind, namespace, name }: WorkloadRef) => `do ${kind.toLowerCase()} ${name} -n ${namespace}`,
};

const inDefault = workloadOf();
const inProd = workloadOf({ namespace: 'prod' });
const set = workloadOf({ kind: 'StatefulSet' });
const daemon = workloadOf({ kind: 'DaemonSet' });

async function refusal(promise: Promise<unknown>): Promise<DomainError> {
  return promise.then(
    () => expect.unreachable(),
    (error) => error,
  );
}

describe('finds', () => {
  test.each([
    ['the only one of that name', [inDefault], { name: 'api' }, inDefault.uid],
    ['by namespace', [inDefault, inProd], { name: 'api', namespace: 'prod' }, inProd.uid],
    ['by kind', [inDefault, set], { name: 'api', kind: 'StatefulSet' as const }, set.uid],
    [
      'by kind and namespace',
      [inDefault, set],
      { name: 'api', namespace: 'default', kind: 'Deployment' as const },
      inDefault.uid,
    ],
    ['the kind that the action can work with', [daemon, inDefault], { name: 'api' }, inDefault.uid],
    ['the same within a namespace', [daemon, inDefault], { name: 'api', namespace: 'default' }, inDefault.uid],
    ['a kind that it cannot work with, where there is no other', [daemon], { name: 'api' }, daemon.uid],
  ])('%s', async (_, workloads, wanted, uid) => {
    expect((await resolveWorkload(contextOf(clusterWith(...workloads)), wanted, choice)).uid).toBe(uid);
  });

  test('what the snapshot has not seen yet, by namespace', async () => {
    const cluster = clusterWith();
    const context = contextOf(cluster);
    cluster.workloads.push(inProd);
    expect((await resolveWorkload(context, { name: 'api', namespace: 'prod' }, choice)).uid).toBe(inProd.uid);
  });
});

describe('asks', () => {
  test('which namespace, with the commands to choose from', async () => {
    const error = await refusal(resolveWorkload(contextOf(clusterWith(inDefault, inProd)), { name: 'api' }, choice));
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toBe('2 workloads are called api.');
    expect(error.advice).toBe('Say which one you mean: `do deployment api -n default` or `do deployment api -n prod`.');
  });

  test('which kind', async () => {
    const wanted = { name: 'api', namespace: 'default' };
    const error = await refusal(resolveWorkload(contextOf(clusterWith(inDefault, set)), wanted, choice));
    expect(error.advice).toContain('`do statefulset api -n default`');
  });

  test('with at most five of many', async () => {
    const many = Array.from({ length: 9 }, (_, at) => workloadOf({ namespace: `team-${at}` }));
    const error = await refusal(resolveWorkload(contextOf(clusterWith(...many)), { name: 'api' }, choice));
    expect(error.advice?.match(/`/g)).toHaveLength(10);
    expect(error.advice).toContain('4 more are left out');
  });

  test('never about a namespace that is left out', async () => {
    const hidden = workloadOf({ namespace: 'kube-system' });
    const found = await resolveWorkload(contextOf(clusterWith(inDefault, hidden)), { name: 'api' }, choice);
    expect(found.uid).toBe(inDefault.uid);
  });
});

describe('finds nothing', () => {
  test.each([
    ['with near names', { name: 'apo' }, 'Did you mean api?'],
    ['with near names in the namespace', { name: 'apu', namespace: 'default' }, 'Did you mean api?'],
    ['for a pod’s name', { name: 'api-7d9f-x1' }, 'Did you mean api?'],
    ['where it is elsewhere', { name: 'api', namespace: 'prod' }, 'There is `do deployment api -n default`.'],
    [
      'and names nothing far away',
      { name: 'zzzzzz', namespace: 'default' },
      'Try `pods default` to see what runs there.',
    ],
  ])('%s', async (_, wanted, advice) => {
    const error = await refusal(resolveWorkload(contextOf(clusterWith(inDefault)), wanted, choice));
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error.advice).toBe(advice);
  });

  test('in a namespace that does not exist, with near ones', async () => {
    const wanted = { name: 'api', namespace: 'defualt' };
    const error = await refusal(resolveWorkload(contextOf(clusterWith(inDefault)), wanted, choice));
    expect(error.message).toBe('There is no namespace defualt that opsbot can see.');
    expect(error.advice).toBe('Did you mean default?');
  });

  test('where the picture is not complete, and says so', async () => {
    const context = contextOf(clusterWith());
    const early = { ...context, snapshot: { ...context.snapshot, complete: false } };
    expect((await refusal(resolveWorkload(early, { name: 'api' }, choice))).advice).toContain(
      'not seen the whole cluster',
    );
  });
});

test('a namespace that is left out is refused, not searched', async () => {
  const wanted = { name: 'api', namespace: 'kube-system' };
  expect(await refusal(resolveWorkload(contextOf(clusterWith(inDefault)), wanted, choice))).toBeInstanceOf(
    NotAllowedError,
  );
});

test('a cluster that does not answer is no missing workload', async () => {
  const cluster = clusterWith(inDefault);
  cluster.failure = new UnavailableError('no answer');
  await expect(resolveWorkload(contextOf(cluster), { name: 'api', namespace: 'default' }, choice)).rejects.toThrow(
    'no answer',
  );
});
