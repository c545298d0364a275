import { beforeAll, expect, it } from 'vitest';
import { daemonSet, deployment, replicaSet, statefulSet } from '../../support/cluster/manifests.ts';
import type { Manifest } from '../../support/cluster/types.ts';
import { describeLocalCluster } from '../../support/clusters.ts';
import { QUICK_BOOKMARKS, RED, useIncidentStage } from './incident-stage.ts';

const barePod = (name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name, image: name }] },
});

const WORKLOADS: { manifest: Manifest; hit: string; buttons: string[] }[] = [
  { manifest: deployment('web', { replicas: 4 }), hit: '4 pods', buttons: ['Restart…', 'Scale…', 'Logs'] },
  { manifest: statefulSet('db', { replicas: 1 }), hit: '1 pod', buttons: ['Restart…', 'Scale…', 'Logs'] },
  { manifest: daemonSet('agent'), hit: '3 pods', buttons: ['Restart…', 'Logs'] },
  { manifest: replicaSet('lone', { replicas: 2 }), hit: '2 pods', buttons: ['Scale…', 'Logs'] },
  { manifest: barePod('toolbox'), hit: '1 pod', buttons: ['Logs'] },
];

describeLocalCluster(
  'whom an incident is about',
  (kit) => {
    const incidents = useIncidentStage(kit);
    const refOf = ({ kind, metadata }: Manifest) => ({
      ...{ kind, namespace: incidents.namespace, name: metadata.name ?? '' },
    });
    beforeAll(async () => {
      for (const { manifest } of WORKLOADS) {
        kit.crash(refOf(manifest));
        const metadata = { ...manifest.metadata, namespace: incidents.namespace };
        await kit.apply({ ...manifest, metadata });
      }
    });

    it.each(WORKLOADS)(
      'is the $manifest.kind, with all its pods in one message',
      async ({ manifest, hit, buttons }) => {
        const owner = `${manifest.kind} ${manifest.metadata.name}`;
        const root = await incidents.shows(owner, ({ text }) => text.includes(`CrashLoopBackOff, ${hit}`));
        expect(root.color).toBe(RED);
        expect(root.buttons).toEqual([...buttons, "I'm on it"]);
      },
    );

    it('and each turns green', async () => {
      for (const { manifest } of WORKLOADS) kit.recover(refOf(manifest));
      const owners = WORKLOADS.map(({ manifest }) => `${manifest.kind} ${manifest.metadata.name}`);
      await Promise.all(owners.map((owner) => incidents.green(owner, 30_000)));
      expect(incidents.roots()).toHaveLength(owners.length);
    }, 40_000);
  },
  QUICK_BOOKMARKS,
);
