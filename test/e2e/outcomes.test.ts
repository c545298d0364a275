import { beforeAll, describe, expect, it } from 'vitest';
import { daemonSet, deployment, statefulSet } from '../support/cluster/manifests.ts';
import { describeCluster } from '../support/clusters.ts';
import { asks } from './asking.ts';
import { useStage } from './stage.ts';

const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

describeCluster('what becomes of an approved change', (kit) => {
  const stage = useStage(kit);
  let namespace: string;
  const ref = (kind: string, name: string) => ({ kind, namespace, name });
  beforeAll(async () => {
    namespace = await kit.namespace();
    await kit.apply(deployment('api', { namespace, replicas: 2 }));
    await kit.apply(deployment('web', { namespace, replicas: 2, spec: { progressDeadlineSeconds: 1 } }));
    await kit.apply(statefulSet('db', { namespace, replicas: 2 }));
    await kit.apply(daemonSet('agent', { namespace }));
    await Promise.all(
      [ref('Deployment', 'api'), ref('Deployment', 'web'), ref('StatefulSet', 'db'), ref('DaemonSet', 'agent')].map(
        (each) => kit.rolledOut(each),
      ),
    );
  });

  describe.each([
    ['Deployment', 'api', 'restart api'],
    ['StatefulSet', 'db', 'restart sts/db'],
    ['DaemonSet', 'agent', 'restart daemonset agent'],
  ])('the restart of a %s', (kind, name, line) => {
    it('replaces every pod, once', async () => {
      const before = new Set((await kit.pods(ref(kind, name))).map(({ metadata }) => metadata.uid));
      const asked = await asks(stage, `${line} -n ${namespace} --reason stuck`);
      expect(asked.card.text).toContain(`Restart ${kind.toLowerCase()} ${name} in ${namespace}`);
      expect(asked.card.text).toMatch(/Last restart.*never/);
      await stage.bob.clicks('Approve', { on: asked.card });
      const done = await asked.shows('Done');
      expect(done.text).toMatch(/(\d) of \1 pods updated and ready/);
      expect(done.buttons).toEqual([]);
      const { spec } = (await kit.get(ref(kind, name))) ?? expect.fail(`${name} is gone`);
      expect(new Date(spec.template.metadata.annotations[RESTARTED_AT]).getTime()).toBeGreaterThan(0);
      expect(await kit.changesOf(ref(kind, name))).toHaveLength(1);
      const after = await kit.pods(ref(kind, name));
      const alive = after.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      expect(alive.length).toBeGreaterThan(0);
      expect(alive.filter(({ metadata }) => before.has(metadata.uid))).toEqual([]);
    });
  });

  it('names the cluster’s reason and the pull error where the rollout fails', async () => {
    kit.breakImage(ref('Deployment', 'web'));
    const asked = await asks(stage, `restart web -n ${namespace}`);
    await stage.bob.clicks('Approve', { on: asked.card });
    const failed = await asked.shows('Failed');
    expect(failed.text).toContain('ProgressDeadlineExceeded');
    expect(failed.text).toMatch(/The image \S+ of container web of pod web-\S+ cannot be pulled/);
    expect(failed.text).toContain('not found');
    expect(failed.buttons).toEqual([]);
    await stage.slack.waitFor(() => asked.lines().at(-1)?.includes('Failed: `ProgressDeadlineExceeded`'));
    kit.recover(ref('Deployment', 'web'));
  });

  it('tells the truth about two changes of one workload at the same time', async () => {
    const before = (await kit.changesOf(ref('Deployment', 'api'))).length;
    kit.unschedulable(ref('Deployment', 'api'), 'no node is free');
    const scale = await asks(stage, `scale api 3 -n ${namespace}`);
    const restart = await asks(stage, `restart api -n ${namespace}`);
    await stage.bob.clicks('Approve', { on: scale.card });
    await scale.shows('2 of 3 pods ready');
    await stage.bob.clicks('Approve', { on: restart.card });
    await restart.shows('pods updated');
    kit.recover(ref('Deployment', 'api'));
    expect((await scale.shows('Done')).text).toContain('3 of 3 pods ready.');
    expect((await restart.shows('Done')).text).toContain('3 of 3 pods updated and ready.');
    expect(await kit.changesOf(ref('Deployment', 'api'))).toHaveLength(before + 2);
  });
});
