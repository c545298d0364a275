import { expect, it } from 'vitest';
import { daemonSet, deployment, replicaSet, statefulSet } from '../../support/cluster/manifests.ts';
import type { Json, KubeObject, Manifest, Ref } from '../../support/cluster/types.ts';
import { type ClusterKit, describeCluster } from '../../support/clusters.ts';

const MERGE = 'application/merge-patch+json';

async function running(kit: ClusterKit, manifest: Manifest) {
  const namespace = await kit.namespace();
  const { kind } = manifest;
  const name = manifest.metadata.name ?? '';
  await kit.apply({ ...manifest, metadata: { ...manifest.metadata, namespace } });
  const ref: Ref = { kind, namespace, name };
  await kit.rolledOut(ref);
  const path = `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`;
  const patch = (body: Json) => kit.request('PATCH', path, { contentType: MERGE, body });
  const restart = () => patch({ spec: { template: { metadata: { annotations: { restartedAt: 'now' } } } } });
  return { ref, namespace, name, patch, restart };
}

const uids = (pods: KubeObject[]) => pods.map(({ metadata }) => metadata.uid);
const progressing = ({ status }: KubeObject): Json =>
  status?.conditions?.find((condition: Json) => condition.type === 'Progressing');
const firstContainer = (pod: KubeObject): Json => pod.status?.containerStatuses?.[0];
const waitingFor = (reason: string) => (pods: KubeObject[]) =>
  pods.some((pod) => firstContainer(pod)?.state.waiting?.reason === reason);
const alive = (pods: KubeObject[]) => pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);

describeCluster('workloads', (kit) => {
  for (const manifest of [deployment('web', { replicas: 3 }), statefulSet('db', { replicas: 2 }), daemonSet('agent')]) {
    it(`replaces the pods of a ${manifest.kind} that is restarted, and settles`, async () => {
      const { ref, restart } = await running(kit, manifest);
      const before = uids(await kit.pods(ref));
      expect((await restart()).body.metadata.generation).toBe(2);
      await kit.rolledOut(ref);
      const after = await kit.eventually(
        'only new pods',
        () => kit.pods(ref),
        (pods) => pods.length === before.length && uids(pods).every((uid) => !before.includes(uid)),
      );
      expect(after.every((pod) => pod.spec.nodeName && pod.status?.phase === 'Running')).toBe(true);
      expect(await kit.changesOf(ref)).toHaveLength(1);
    });
  }

  it('scales a Deployment up and down, and a ReplicaSet of its own', async () => {
    for (const manifest of [deployment('web', { replicas: 1 }), replicaSet('lone', { replicas: 1 })]) {
      const { ref, patch } = await running(kit, manifest);
      for (const replicas of [4, 2]) {
        await patch({ spec: { replicas } });
        await kit.rolledOut(ref);
        await kit.eventually(
          'the pods',
          () => kit.pods(ref),
          (pods) => pods.length === replicas,
        );
      }
      expect(await kit.changesOf(ref)).toHaveLength(2);
    }
  });

  it('says that a rollout succeeded, and numbers the revisions', async () => {
    const { ref, restart } = await running(kit, deployment('web'));
    await restart();
    const done = await kit.until(
      ref,
      (object) =>
        progressing(object)?.reason === 'NewReplicaSetAvailable' &&
        object.status.observedGeneration === 2 &&
        object.metadata.annotations?.['deployment.kubernetes.io/revision'] === '2',
    );
    expect(progressing(done).message).toMatch(/^ReplicaSet "web-\w+" has successfully progressed\.$/);
  });

  it('gives up on a rollout whose image cannot be pulled, and recovers', async () => {
    const manifest = deployment('web', { replicas: 2, spec: { progressDeadlineSeconds: 2 } });
    const { ref, restart } = await running(kit, manifest);
    kit.breakImage(ref);
    await restart();
    const stuck = await kit.until(ref, (object) => progressing(object)?.reason === 'ProgressDeadlineExceeded');
    expect(progressing(stuck)).toMatchObject({
      status: 'False',
      message: expect.stringContaining('has timed out progressing'),
    });
    const pods = await kit.eventually('the pull error', () => kit.pods(ref), waitingFor('ImagePullBackOff'));
    expect(pods.filter((pod) => firstContainer(pod).ready).length).toBeGreaterThanOrEqual(1);
    const broken = pods.find((pod) => waitingFor('ImagePullBackOff')([pod]));
    const log = await kit.request('GET', `/api/v1/namespaces/${ref.namespace}/pods/${broken?.metadata.name}/log`);
    expect(log.status).toBe(400);
    // Pulling is tried again from time to time.
    expect(log.body.message).toMatch(
      /^container "web" in pod "web-\w+-\w+" is waiting to start: (trying and failing to pull image|image can't be pulled)$/,
    );
    kit.recover(ref);
    const healed = await kit.rolledOut(ref);
    expect(healed.status.updatedReplicas).toBe(2);
  });

  it('lets a workload crash with a growing count, keeps the previous log, and recovers', async () => {
    const { ref, namespace } = await running(kit, deployment('web'));
    const [pod] = await kit.pods(ref);
    const log = `/api/v1/namespaces/${namespace}/pods/${pod?.metadata.name}/log`;
    const tooEarly = await kit.request('GET', `${log}?previous=true`);
    expect([tooEarly.status, tooEarly.body.message]).toEqual([
      400,
      `previous terminated container "web" in pod "${pod?.metadata.name}" not found`,
    ]);
    kit.crash(ref, { exitCode: 3 });
    const crashed = await kit.eventually(
      'the second crash',
      () => kit.pods(ref),
      (pods) => waitingFor('CrashLoopBackOff')(pods) && pods.every((one) => firstContainer(one).restartCount >= 2),
    );
    expect(firstContainer(crashed[0] as KubeObject).lastState.terminated).toMatchObject({
      exitCode: 3,
      reason: 'Error',
    });
    expect((await kit.request('GET', `${log}?previous=true&tailLines=1`)).text).toMatch(/FATAL/);
    const { items } = (
      await kit.request(
        'GET',
        `/api/v1/namespaces/${namespace}/events?fieldSelector=involvedObject.uid%3D${pod?.metadata.uid}`,
      )
    ).body;
    expect(items.map(({ reason }: Json) => reason)).toEqual(expect.arrayContaining(['Scheduled', 'BackOff']));
    kit.recover(ref);
    await kit.rolledOut(ref);
  });

  it('kills for want of memory once', async () => {
    const { ref } = await running(kit, deployment('web'));
    kit.oom(ref);
    const killed = await kit.eventually(
      'the restart',
      () => kit.pods(ref),
      ([pod]) => pod !== undefined && firstContainer(pod).restartCount === 1 && firstContainer(pod).ready,
    );
    expect(firstContainer(killed[0] as KubeObject).lastState.terminated).toMatchObject({
      exitCode: 137,
      reason: 'OOMKilled',
    });
  });

  it('keeps pods waiting that no node takes', async () => {
    const { ref, patch, namespace } = await running(kit, deployment('web'));
    kit.unschedulable(ref, '0/3 nodes are available: 3 Insufficient memory.');
    await patch({ spec: { replicas: 2 } });
    const pods = await kit.eventually(
      'the refusal',
      () => kit.pods(ref),
      (all) =>
        all.some((pod) => pod.status?.conditions?.some((condition: Json) => condition.reason === 'Unschedulable')),
    );
    const waiting = pods.find((pod) => !pod.spec.nodeName);
    expect(
      (await kit.request('GET', `/api/v1/namespaces/${namespace}/pods/${waiting?.metadata.name}/log`)).status,
    ).toBe(204);
    kit.recover(ref);
    await kit.rolledOut(ref);
  });

  it('makes a deleted pod anew, the old one leaving first by its grace', async () => {
    const { ref, namespace } = await running(kit, statefulSet('db', { replicas: 1 }));
    const [pod] = await kit.pods(ref);
    const deleted = await kit.request('DELETE', `/api/v1/namespaces/${namespace}/pods/${pod?.metadata.name}`);
    expect([deleted.status, deleted.body.metadata.deletionGracePeriodSeconds]).toEqual([200, 30]);
    await kit.eventually(
      'its successor',
      () => kit.pods(ref),
      (pods) => {
        const [next] = alive(pods);
        return (
          next !== undefined && next.metadata.uid !== pod?.metadata.uid && next.metadata.name === pod?.metadata.name
        );
      },
    );
  });

  it('loses a node and gets it back', async () => {
    const { ref } = await running(kit, deployment('web'));
    const [pod] = await kit.pods(ref);
    const node = pod?.spec.nodeName as string;
    const readiness = ({ status }: KubeObject) =>
      status.conditions.find((condition: Json) => condition.type === 'Ready')?.status;
    expect(kit.nodes).toContain(node);
    await kit.failNode(node);
    await kit.until({ kind: 'Node', name: node }, (object) => readiness(object) === 'Unknown');
    await kit.until(ref, ({ status }) => (status.readyReplicas ?? 0) === 0);
    await kit.recoverNode(node);
    await kit.until({ kind: 'Node', name: node }, (object) => readiness(object) === 'True');
    await kit.rolledOut(ref);
  });

  it('takes along what a deleted Deployment owned', async () => {
    const { ref, namespace, name } = await running(kit, deployment('web', { replicas: 2 }));
    await kit.request('DELETE', `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
    await kit.eventually(
      'an empty namespace',
      () => kit.pods(ref),
      (pods) => pods.length === 0,
    );
  });
});

describeCluster('logs', (kit) => {
  it('cuts the log to what is asked for', async () => {
    const { ref, namespace } = await running(kit, deployment('web'));
    const [pod] = await kit.pods(ref);
    const name = pod?.metadata.name ?? '';
    kit.setLogs({ namespace, pod: name, container: 'web' }, 'one\ntwo\nthree\n');
    const read = async (query: string) =>
      (await kit.request('GET', `/api/v1/namespaces/${namespace}/pods/${name}/log${query}`)).text;
    expect(await read('')).toBe('one\ntwo\nthree\n');
    expect(await read('?container=web&tailLines=2')).toBe('two\nthree\n');
    expect(await read('?limitBytes=5')).toBe('one\nt');
    expect(await read('?sinceSeconds=3600')).toBe('one\ntwo\nthree\n');
    const invalid = await kit.request('GET', `/api/v1/namespaces/${namespace}/pods/${name}/log?tailLines=-1`);
    expect([invalid.status, invalid.body.reason]).toEqual([422, 'Invalid']);
  });

  it('wants a container’s name where there are several, and a right one', async () => {
    const containers = [
      { name: 'app', image: 'app' },
      { name: 'proxy', image: 'proxy' },
    ];
    const { ref, namespace } = await running(kit, deployment('web', { containers }));
    const [pod] = await kit.pods(ref);
    const name = pod?.metadata.name;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/log`;
    const message = async (query: string) => {
      const { status, body } = await kit.request('GET', `${path}${query}`);
      return [status, body.message];
    };
    expect(await message('')).toEqual([
      400,
      `a container name must be specified for pod ${name}, choose one of: [app proxy]`,
    ]);
    expect(await message('?container=nope')).toEqual([400, `container nope is not valid for pod ${name}`]);
    expect((await kit.request('GET', path.replace(`${name}`, 'nobody'))).body.message).toBe('pods "nobody" not found');
  });
});
