import { expect, it, onTestFinished } from 'vitest';
import { createLocalCluster } from '../../support/cluster/local-cluster.ts';
import { seed } from '../../support/cluster/seed.ts';
import { storm } from '../../support/cluster/storm.ts';

it('lets a thousand pods fail within seconds, leaves them so, and starts them again', async () => {
  const cluster = await createLocalCluster({ nodes: 0 });
  onTestFinished(cluster.stop);
  seed(cluster, { deployments: 50, podsPerDeployment: 20, nodes: 10, podBytes: 2_000 });
  const inState = (reason: string) =>
    cluster.list('Pod').filter(({ status }) => status.containerStatuses[0].state.waiting?.reason === reason).length;
  const changes: string[] = [];
  const unsubscribe = cluster.store.subscribe((plural, { object }) => {
    if (plural === 'pods') changes.push(Object.keys(object.status.containerStatuses[0].state)[0] ?? '');
  });
  onTestFinished(() => void unsubscribe());
  const before = performance.now();
  const calm = await storm(cluster, { within: 500 });
  expect(performance.now() - before).toBeLessThan(10_000);
  expect(inState('CrashLoopBackOff')).toBe(1_000);
  expect(changes.filter((state) => state === 'terminated')).toHaveLength(1_000);
  const unavailable = () => cluster.list('Deployment').filter(({ status }) => !status.readyReplicas).length;
  await expect.poll(unavailable).toBe(50);
  expect(changes).toHaveLength(2_000);
  calm();
  await expect.poll(() => inState('CrashLoopBackOff'), { timeout: 10_000 }).toBe(0);
  await expect.poll(unavailable, { timeout: 10_000 }).toBe(0);
  expect(cluster.list('Pod').every(({ status }) => status.containerStatuses[0].restartCount === 1)).toBe(true);
});
