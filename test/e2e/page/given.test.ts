import { expect, it } from 'vitest';
import { createGivenScene } from '../../sandbox/scene/given-scene.ts';
import { createLocalCluster } from '../../support/cluster/local-cluster.ts';
import type { LocalCluster } from '../../support/cluster/local-cluster-contract.ts';
import { deployment } from '../../support/cluster/manifests.ts';
import { soon } from './hands.ts';
import { usePage } from './page-stage.ts';

let cluster: LocalCluster;
const stage = usePage(async () => {
  cluster = await createLocalCluster({ namespaces: ['prod'] });
  cluster.apply(deployment('web', { namespace: 'prod', replicas: 3 }));
  const scene = await createGivenScene(cluster.kubeconfig(), {}, ['*']);
  return { ...scene, end: () => scene.end().finally(cluster.stop) };
});

it('shows the cluster that KUBECONFIG names live, and offers nothing to do to it', async () => {
  const alice = await stage.open('alice');
  const { dock } = alice;
  await dock.getByText('Shown only: nothing here changes your cluster.').waitFor();
  const pods = dock.getByRole('list', { name: 'Pods of web' }).getByRole('listitem');
  await soon(() => pods.filter({ hasText: 'Running' }).count()).toBe(3);
  cluster.crash({ kind: 'Deployment', namespace: 'prod', name: 'web' });
  await soon(() => pods.filter({ hasText: 'CrashLoopBackOff' }).count()).toBe(3);

  const buttons = await dock.getByRole('tabpanel').getByRole('button').allTextContents();
  expect(buttons).toEqual(['prod/web']);
  expect(cluster.record.writes.filter(({ path }) => !path.includes('/leases'))).toEqual([]);
});
