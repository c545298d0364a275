import { expect, it } from 'vitest';
import { cronJob, deployment, job } from '../../support/cluster/manifests.ts';
import { PRESSURES } from '../../support/cluster/nodes.ts';
import type { Json, KubeObject, Manifest, Ref } from '../../support/cluster/types.ts';
import { type ClusterKit, describeCluster } from '../../support/clusters.ts';

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const MERGE = 'application/merge-patch+json';

const refOf = (namespace: string, { kind, metadata: { name = '' } }: Manifest): Ref => ({ kind, namespace, name });
const statusOf = ({ status = {} }: KubeObject, container: string): Json =>
  [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].find(({ name }) => name === container);
const conditionOf = (object: KubeObject, type: string): Json =>
  object.status?.conditions?.find((condition: Json) => condition.type === type);
const reasonOf = ({ waiting, terminated }: Json): string => waiting?.reason ?? terminated?.reason ?? 'running';
const isReady = (pod: KubeObject) => conditionOf(pod, 'Ready')?.status === 'True';

/** Applies it in a namespace of its own, after the trouble has been arranged. */
async function place(kit: ClusterKit, manifest: Manifest, arrange: (ref: Ref) => void = () => undefined) {
  const namespace = await kit.namespace();
  const ref = refOf(namespace, manifest);
  arrange(ref);
  await kit.apply({ ...manifest, metadata: { ...manifest.metadata, namespace } });
  const pod = (what: string, passes: (pod: KubeObject) => boolean) =>
    kit
      .eventually(
        what,
        () => kit.pods(ref),
        (pods) => pods.some(passes),
      )
      .then((pods) => pods.find(passes) as KubeObject);
  return { namespace, ref, pod };
}

/** The states that a container goes through from the start, as `reason#restarts`, until the last one is reached. */
async function states(kit: ClusterKit, namespace: string, container: string, last: string) {
  const seen: string[] = [];
  const statuses: Json[] = [];
  const path = `/api/v1/namespaces/${namespace}/pods?watch=1&resourceVersion=0`;
  for await (const { object } of kit.watch(path, AbortSignal.timeout(15_000))) {
    const status = statusOf(object, container);
    const state = status && `${reasonOf(status.state)}#${status.restartCount}`;
    if (state === undefined || state === seen.at(-1)) continue;
    seen.push(state);
    statuses.push(status);
    if (state === last) break;
  }
  return { seen, statuses };
}

describeCluster('containers in trouble', (kit) => {
  it('crash: each end, each pause and each new start is there to be seen', async () => {
    const { namespace, ref } = await place(kit, deployment('web'), (ref) => kit.crash(ref, { exitCode: 3 }));
    const { seen, statuses } = await states(kit, namespace, 'web', 'running#3');
    expect(seen.slice(seen.indexOf('running#0'))).toEqual([
      ...['running#0', 'Error#0', 'running#1', 'Error#1', 'CrashLoopBackOff#1'],
      ...['running#2', 'Error#2', 'CrashLoopBackOff#2', 'running#3'],
    ]);
    const ended = { exitCode: 3, reason: 'Error', startedAt: TIME, finishedAt: TIME, containerID: expect.any(String) };
    const at = (state: string) => statuses[seen.indexOf(state)];
    expect(at('Error#1').state.terminated).toEqual(ended);
    expect(at('CrashLoopBackOff#1')).toMatchObject({
      state: { waiting: { message: expect.stringMatching(/^back-off 10s restarting failed container=web pod=web-/) } },
      lastState: { terminated: ended },
      ready: false,
    });
    expect(at('running#2')).toMatchObject({
      state: { running: { startedAt: TIME } },
      lastState: { terminated: ended },
    });
    kit.recover(ref);
    await kit.rolledOut(ref);
  });

  it('crash in an init container: the others wait until it has done its part', async () => {
    const manifest = deployment('web', { initContainers: [{ name: 'migrate', image: 'migrate' }] });
    const { ref, pod } = await place(kit, manifest, (ref) => kit.crash(ref, { container: 'migrate' }));
    const waits = (one: KubeObject) => {
      const status = statusOf(one, 'migrate');
      return status?.state.waiting?.reason === 'CrashLoopBackOff' && status.restartCount >= 1;
    };
    const stuck = await pod('Init:CrashLoopBackOff', waits);
    expect(stuck.status.phase).toBe('Pending');
    expect(statusOf(stuck, 'web').state.waiting.reason).toBe('PodInitializing');
    expect(conditionOf(stuck, 'Initialized')).toMatchObject({ status: 'False', reason: 'ContainersNotInitialized' });
    kit.recover(ref);
    const well = await pod('the start', isReady);
    expect(well.metadata.uid).toBe(stuck.metadata.uid);
    expect(statusOf(well, 'migrate')).toMatchObject({
      state: { terminated: { exitCode: 0, reason: 'Completed' } },
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
    });
    expect(conditionOf(well, 'Initialized')).toMatchObject({ status: 'True' });
  });

  it('want of memory: in an init container once, in another one as often as it starts', async () => {
    const inits = [{ name: 'migrate', image: 'migrate' }];
    const once = await place(kit, deployment('once', { initContainers: inits }), (ref) =>
      kit.oom(ref, { container: 'migrate' }),
    );
    const well = await once.pod('the start', isReady);
    expect(statusOf(well, 'migrate')).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
    });
    const loop = await place(kit, deployment('loop'), (ref) => kit.crash(ref, { exitCode: 137, reason: 'OOMKilled' }));
    const { seen } = await states(kit, loop.namespace, 'loop', 'CrashLoopBackOff#2');
    expect(seen).toEqual(expect.arrayContaining(['OOMKilled#0', 'OOMKilled#1', 'OOMKilled#2']));
  });

  it('want of memory in the named container of a running pod, and not in the others', async () => {
    const containers = ['app', 'proxy'].map((name) => ({ name, image: name }));
    const { ref, pod } = await place(kit, deployment('web', { containers }));
    await kit.rolledOut(ref);
    kit.oom(ref, { container: 'proxy' });
    const killed = await pod('the restart', (one) => isReady(one) && statusOf(one, 'proxy').restartCount === 1);
    expect(statusOf(killed, 'proxy').lastState.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    expect(statusOf(killed, 'app')).toMatchObject({ restartCount: 0, lastState: {} });
  });

  it('a configuration that is missing, and that comes', async () => {
    const { ref, pod } = await place(kit, deployment('web'), (ref) => kit.breakConfig(ref, 'secret "db" not found'));
    const reason = (one: KubeObject) => statusOf(one, 'web')?.state.waiting?.reason;
    const stuck = await pod('the error', (one) => reason(one) === 'CreateContainerConfigError');
    expect([stuck.status.phase, statusOf(stuck, 'web').state.waiting.message]).toEqual([
      'Pending',
      'secret "db" not found',
    ]);
    kit.recover(ref);
    expect((await pod('the start', isReady)).metadata.uid).toBe(stuck.metadata.uid);
  });

  it('an image that is not there is asked for again and again, until it is', async () => {
    const { namespace, ref, pod } = await place(kit, deployment('web'), (ref) => kit.breakImage(ref));
    const { seen } = await states(kit, namespace, 'web', 'ImagePullBackOff#0');
    expect(seen.slice(-2)).toEqual(['ErrImagePull#0', 'ImagePullBackOff#0']);
    const again = await states(kit, namespace, 'web', 'ErrImagePull#0');
    expect(again.seen).toEqual(['ImagePullBackOff#0', 'ErrImagePull#0']);
    kit.recover(ref);
    expect(statusOf(await pod('the start', isReady), 'web').restartCount).toBe(0);
  });

  it('no node for a pod, and then one', async () => {
    const { ref, pod } = await place(kit, deployment('web'), (ref) => kit.unschedulable(ref, 'no node is free'));
    const stuck = await pod('the refusal', (one) => conditionOf(one, 'PodScheduled') !== undefined);
    expect(conditionOf(stuck, 'PodScheduled')).toMatchObject({
      ...{ status: 'False', reason: 'Unschedulable', message: 'no node is free', lastTransitionTime: TIME },
    });
    kit.recover(ref);
    expect(conditionOf(await pod('the start', isReady), 'PodScheduled')).toMatchObject({ status: 'True' });
  });
});

describeCluster('a rollout', (kit) => {
  it('that never becomes ready is given up, and completes once it does', async () => {
    const { namespace, ref, pod } = await place(kit, deployment('web', { spec: { progressDeadlineSeconds: 1 } }));
    const progress = (object: KubeObject) => conditionOf(object, 'Progressing');
    const first = await kit.until(ref, (object) => progress(object)?.reason === 'NewReplicaSetAvailable');
    kit.failReadiness(ref);
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/web`;
    const body = { spec: { template: { metadata: { annotations: { restartedAt: 'now' } } } } };
    await kit.request('PATCH', path, { contentType: MERGE, body });
    const stuck = await kit.until(ref, (object) => progress(object)?.status === 'False');
    expect(progress(stuck)).toEqual({
      ...{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' },
      message: expect.stringMatching(/^ReplicaSet "web-\w+" has timed out progressing\.$/),
      ...{ lastUpdateTime: TIME, lastTransitionTime: TIME },
    });
    expect(Date.parse(progress(stuck).lastUpdateTime)).toBeGreaterThan(Date.parse(progress(first).lastUpdateTime));
    const unready = await pod('a pod that is not ready', (one) => one.status?.phase === 'Running' && !isReady(one));
    const query = `fieldSelector=involvedObject.uid%3D${unready.metadata.uid}`;
    const { items } = (await kit.request('GET', `/api/v1/namespaces/${namespace}/events?${query}`)).body;
    expect(items).toContainEqual(expect.objectContaining({ type: 'Warning', reason: 'Unhealthy' }));

    kit.recover(ref);
    const done = await kit.until(ref, (object) => progress(object)?.reason === 'NewReplicaSetAvailable');
    expect(progress(done)).toMatchObject({
      status: 'True',
      message: expect.stringContaining('successfully progressed'),
    });
    expect(done.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2');
    const sets = (await kit.request('GET', `/apis/apps/v1/namespaces/${namespace}/replicasets`)).body.items;
    const revisions = sets.map(
      ({ metadata }: KubeObject) => metadata.annotations?.['deployment.kubernetes.io/revision'],
    );
    expect(revisions.sort()).toEqual(['1', '2']);

    // A pod that fails and comes back is no rollout: the condition stays as it is.
    await kit.rolledOut(ref);
    kit.oom(ref);
    await pod('the restart', (one) => isReady(one) && statusOf(one, 'web').restartCount === 1);
    const later = await kit.rolledOut(ref);
    expect(progress(later)).toEqual(progress(done));
  });
});

describeCluster('a rollback', (kit) => {
  it('ends what is stuck, as a new revision of the old ReplicaSet', async () => {
    const { namespace, ref } = await place(kit, deployment('web', { spec: { progressDeadlineSeconds: 1 } }));
    await kit.rolledOut(ref);
    const [old] = await kit.pods(ref);
    const set = old?.metadata.ownerReferences?.[0]?.name ?? '';
    kit.breakImage(ref);
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/web`;
    const annotate = (restartedAt: string | null) =>
      kit.request('PATCH', path, {
        contentType: MERGE,
        body: { spec: { template: { metadata: { annotations: { restartedAt } } } } },
      });
    await annotate('now');
    await kit.until(ref, (object) => conditionOf(object, 'Progressing')?.status === 'False');
    await annotate(null);
    const done = await kit.until(ref, (object) => conditionOf(object, 'Progressing')?.status === 'True');
    expect(conditionOf(done, 'Progressing').reason).not.toBe('NewReplicaSetCreated');
    const { metadata } = await kit.until(
      ref,
      (object) => conditionOf(object, 'Progressing')?.reason === 'NewReplicaSetAvailable',
    );
    const revision = 'deployment.kubernetes.io/revision';
    expect(metadata.annotations?.[revision]).toBe('3');
    const current = await kit.get({ kind: 'ReplicaSet', namespace, name: set });
    expect(current?.metadata.annotations?.[revision]).toBe('3');
    await kit.eventually(
      'the old pod alone',
      () => kit.pods(ref),
      (pods) => pods.length === 1 && pods[0]?.metadata.uid === old?.metadata.uid,
    );
    kit.recover(ref);
  });
});

describeCluster('jobs', (kit) => {
  it('complete', async () => {
    const { ref, pod } = await place(kit, job('import'));
    const done = await kit.until(ref, (object) => conditionOf(object, 'Complete') !== undefined);
    expect(conditionOf(done, 'Complete')).toMatchObject({ status: 'True', lastTransitionTime: TIME });
    expect(done.status).toMatchObject({ succeeded: 1, startTime: TIME, completionTime: TIME });
    const ended = await pod('its pod', ({ status }) => status?.phase === 'Succeeded');
    expect(statusOf(ended, 'import').state.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
    expect(conditionOf(ended, 'Ready')).toMatchObject({ status: 'False', reason: 'PodCompleted' });
    expect(ended.metadata.ownerReferences?.[0]).toMatchObject({ kind: 'Job', name: 'import', controller: true });
  });

  it('fail at their first failed pod where they have no second try', async () => {
    const { ref, pod } = await place(kit, job('import'), (ref) => kit.crash(ref, { exitCode: 2 }));
    const failed = await kit.until(ref, (object) => conditionOf(object, 'Failed') !== undefined);
    expect(conditionOf(failed, 'Failed')).toMatchObject({
      ...{ status: 'True', reason: 'BackoffLimitExceeded', lastTransitionTime: TIME },
      message: 'Job has reached the specified backoff limit',
    });
    expect(failed.status).toMatchObject({ failed: 1 });
    expect(failed.status.active).toBeUndefined();
    const ended = await pod('its pod', ({ status }) => status?.phase === 'Failed');
    expect(statusOf(ended, 'import').state.terminated).toMatchObject({ exitCode: 2, reason: 'Error' });
  });

  it('fail after so many restarts where the pod tries again', async () => {
    const manifest = job('import', { restartPolicy: 'OnFailure', backoffLimit: 2 });
    const { ref } = await place(kit, manifest, (ref) => kit.crash(ref));
    const failed = await kit.until(ref, (object) => conditionOf(object, 'Failed') !== undefined);
    // Whether the pod that it ends counts as failed depends on how far the real controller has seen it come.
    expect(conditionOf(failed, 'Failed').reason).toBe('BackoffLimitExceeded');
    await kit.eventually(
      'no pods',
      () => kit.pods(ref),
      (pods) => pods.length === 0,
    );
  });

  it('belong to a CronJob, and go with it', async () => {
    const namespace = await kit.namespace();
    const owner = await kit.apply(cronJob('nightly', { namespace }));
    await kit.apply(job('nightly-1', { namespace, owner }));
    const ref = { kind: 'Job', namespace, name: 'nightly-1' };
    const done = await kit.until(ref, (object) => conditionOf(object, 'Complete') !== undefined);
    expect(done.metadata.ownerReferences).toMatchObject([
      { apiVersion: owner.apiVersion, kind: 'CronJob', name: 'nightly', uid: owner.metadata.uid, controller: true },
    ]);
    const path = `/apis/${owner.apiVersion}/namespaces/${namespace}/cronjobs/nightly`;
    expect((await kit.request('DELETE', path, { body: { propagationPolicy: 'Background' } })).status).toBe(200);
    await kit.eventually(
      'no Job',
      () => kit.get(ref),
      (found) => found === undefined,
    );
  });
});

describeCluster('a node in trouble', (kit) => {
  it('is not ready or not heard of, since a moment that only a change moves', async () => {
    const [name = ''] = kit.nodes;
    const ref = { kind: 'Node', name };
    const ready = async () => conditionOf((await kit.get(ref)) as KubeObject, 'Ready');
    await kit.failNode(name, { status: 'False' });
    const silent = await ready();
    expect(silent).toMatchObject({ status: 'False', reason: 'KubeletNotReady', lastTransitionTime: TIME });
    await kit.pressure(name, 'PIDPressure', true);
    expect((await ready()).lastTransitionTime).toBe(silent.lastTransitionTime);
    await kit.pressure(name, 'PIDPressure', false);
    await kit.failNode(name);
    expect(await ready()).toMatchObject({ status: 'Unknown', reason: 'NodeStatusUnknown' });
    expect(conditionOf((await kit.get(ref)) as KubeObject, 'DiskPressure')).toMatchObject({ status: 'Unknown' });
    await kit.recoverNode(name);
    expect(await ready()).toMatchObject({ status: 'True', reason: 'KubeletReady' });
    expect((await kit.get(ref))?.spec?.taints).toBeUndefined();
  });

  it('comes under each pressure, and out of it', async () => {
    const [, name = ''] = kit.nodes;
    const statuses = async () => {
      const node = (await kit.get({ kind: 'Node', name })) as KubeObject;
      return [...PRESSURES, 'Ready'].map((type) => conditionOf(node, type).status);
    };
    for (const [index, type] of PRESSURES.entries()) {
      await kit.pressure(name, type, true);
      expect(await statuses()).toEqual([...PRESSURES.map((_, other) => (other === index ? 'True' : 'False')), 'True']);
      await kit.pressure(name, type, false);
    }
    expect(await statuses()).toEqual(['False', 'False', 'False', 'True']);
  });
});

describeCluster('logs that are no text', (kit) => {
  it('come through as bytes, ten million of them on one line, and are cut where asked to', async () => {
    const { namespace, ref, pod } = await place(kit, deployment('web'));
    await kit.rolledOut(ref);
    kit.oom(ref);
    const { metadata } = await pod('the restart', (one) => isReady(one) && statusOf(one, 'web').restartCount === 1);
    const long = Buffer.alloc(10_000_000, 'x');
    const invalid = Buffer.from([0x61, 0xff, 0xfe, 0xc3, 0x0a]);
    const target = { namespace, pod: metadata.name, container: 'web' };
    kit.setLogs({ ...target, previous: true }, Buffer.concat([long, Buffer.from('\n'), invalid]));
    kit.setLogs(target, invalid);
    const read = async (query: string) =>
      (await kit.request('GET', `/api/v1/namespaces/${namespace}/pods/${metadata.name}/log?${query}`)).bytes;
    expect(await read('')).toEqual(invalid);
    expect(await read('previous=true&tailLines=1')).toEqual(invalid);
    expect((await read('previous=true&tailLines=2')).length).toBe(long.length + 1 + invalid.length);
    expect((await read('previous=true&limitBytes=65536')).equals(long.subarray(0, 65_536))).toBe(true);
    expect(await read('previous=true&tailLines=1&limitBytes=3')).toEqual(invalid.subarray(0, 3));
  });
});
