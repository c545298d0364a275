import { setImmediate as turn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { createLocalCluster } from '../../support/cluster/local-cluster.ts';
import { deployment } from '../../support/cluster/manifests.ts';
import { createManualScheduler } from '../../support/cluster/scheduler.ts';
import type { Json } from '../../support/cluster/types.ts';

const REF = { kind: 'Deployment', namespace: 'default', name: 'web' };

it('lets a progress deadline of ten minutes pass without waiting', async () => {
  const scheduler = createManualScheduler();
  const cluster = await createLocalCluster({ scheduler });
  onTestFinished(cluster.stop);
  const pass = async (ms: number, steps = 40) => {
    for (let step = 0; step < steps; step += 1) {
      scheduler.advance(ms / steps);
      await turn();
    }
  };
  const progressing = (): Json => cluster.get(REF)?.status.conditions?.find(({ type }: Json) => type === 'Progressing');
  cluster.breakImage(REF);
  cluster.apply(deployment('web'));
  await pass(590_000);
  expect(progressing()).toMatchObject({ status: 'True' });
  await pass(20_000);
  expect(progressing()).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' });
  cluster.recover(REF);
  await pass(1_000);
  expect(progressing()).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' });
});

it('lets seconds last as long as it is told to', async () => {
  const cluster = await createLocalCluster({ second: 1 });
  onTestFinished(cluster.stop);
  cluster.breakImage(REF);
  cluster.apply(deployment('web', { spec: { progressDeadlineSeconds: 100 } }));
  const reason = () => cluster.get(REF)?.status.conditions?.find(({ type }: Json) => type === 'Progressing')?.reason;
  await expect.poll(reason).toBe('ProgressDeadlineExceeded');
});

it('calls back in order of time, also what is scheduled on the way', () => {
  const scheduler = createManualScheduler(0);
  const calls: [string, number][] = [];
  const note = (name: string) => () => void calls.push([name, scheduler.now()]);
  scheduler.after(20, note('late'));
  scheduler.after(5, () => {
    note('early')();
    scheduler.after(10, note('nested'));
  });
  scheduler.after(12, note('never'))();
  scheduler.advance(19);
  scheduler.advance(1);
  expect(calls).toEqual([
    ['early', 5],
    ['nested', 15],
    ['late', 20],
  ]);
});
