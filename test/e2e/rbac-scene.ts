import type { WorkloadKind } from '../../src/kubernetes/cluster.ts';
import { eventManifest } from '../support/cluster/controllers/events.ts';
import { autoscaler, daemonSet, deployment, replicaSet, statefulSet } from '../support/cluster/manifests.ts';
import type { KubeObject, Manifest } from '../support/cluster/types.ts';
import type { ClusterKit } from '../support/clusters.ts';

/** What the probes look at, all of it in one namespace. */
export interface Scene {
  namespace: string;
  /** Runs well, and has a HorizontalPodAutoscaler. */
  web: string;
  /** By kind, each with one pod that runs. */
  running: Record<WorkloadKind, string>;
  /** A Deployment whose pod crashes and fails its probe. */
  broken: string;
  brokenPod: string;
  /** A StatefulSet whose pods cannot be created: only its events say why. */
  barred: string;
}

/** Such a pod is never made, so that nothing has to run it. */
const BARRED = { priorityClassName: 'none-such' };

export async function createScene(kit: ClusterKit): Promise<Scene> {
  const namespace = await kit.namespace();
  const of = (kind: string, name: string) => ({ kind, namespace, name });
  kit.crash(of('Deployment', 'broken'), { exitCode: 3 });
  const all = [
    deployment('web', { namespace }),
    statefulSet('db', { namespace }),
    daemonSet('logger', { namespace }),
    replicaSet('cache', { namespace }),
    deployment('broken', { namespace }),
    barred(statefulSet('barred', { namespace })),
    autoscaler('web', { namespace, min: 1, max: 9 }),
  ];
  await Promise.all(all.map((manifest) => kit.apply(manifest)));
  const pods = await kit.eventually(
    'pods of each kind, one of them crashing',
    async () => (await kit.request('GET', `/api/v1/namespaces/${namespace}/pods`)).body.items as KubeObject[],
    (found) => {
      const podOf = (app: string) => found.find(({ metadata }) => metadata.name.startsWith(`${app}-`));
      const waitsFor = podOf('broken')?.status?.containerStatuses?.[0]?.state?.waiting?.reason;
      return ['web', 'db', 'logger', 'cache'].every(podOf) && waitsFor === 'CrashLoopBackOff';
    },
  );
  // What is to be seen of it must not change while it is looked at.
  kit.freeze(of('Deployment', 'broken'));
  await kit.eventually(
    'an event that says why there are no pods',
    async () => JSON.stringify((await kit.request('GET', `/api/v1/namespaces/${namespace}/events`)).body),
    (events) => events.includes('FailedCreate'),
  );
  const brokenPod = pods.find(({ metadata }) => metadata.name.startsWith('broken-'))?.metadata ?? { name: '', uid: '' };
  const about = { apiVersion: 'v1', kind: 'Pod', metadata: { ...brokenPod, namespace } };
  const event = eventManifest(
    about as Parameters<typeof eventManifest>[0],
    { type: 'Warning', reason: 'Unhealthy', message: 'Liveness probe failed: HTTP 500' },
    Date.now(),
  );
  await kit.request('POST', `/api/v1/namespaces/${namespace}/events`, { body: event });
  return {
    namespace,
    web: 'web',
    running: { Deployment: 'web', StatefulSet: 'db', DaemonSet: 'logger', ReplicaSet: 'cache' },
    broken: 'broken',
    brokenPod: brokenPod.name,
    barred: 'barred',
  };
}

function barred(manifest: Manifest): Manifest {
  const { template } = manifest.spec;
  return { ...manifest, spec: { ...manifest.spec, template: { ...template, spec: { ...template.spec, ...BARRED } } } };
}

const MANIFESTS = { Deployment: deployment, StatefulSet: statefulSet, DaemonSet: daemonSet, ReplicaSet: replicaSet };

/** A workload for one change alone. It has no pod. */
export async function createOwnWorkload(
  kit: ClusterKit,
  { namespace }: Scene,
  { kind, name }: { kind: WorkloadKind; name: string },
): Promise<void> {
  await kit.apply(barred(MANIFESTS[kind](name, { namespace })));
  if (kind === 'Deployment') {
    // Its controller writes to a new one, too.
    await kit.until(
      { kind, namespace, name },
      ({ metadata, status }) => status?.observedGeneration === metadata.generation,
    );
  }
  if (kind === 'DaemonSet') {
    // Its controller does not get to that where no pod can be made.
    await kit.request('PATCH', `/apis/apps/v1/namespaces/${namespace}/daemonsets/${name}/status`, {
      contentType: 'application/merge-patch+json',
      body: { status: { desiredNumberScheduled: 1 } },
    });
  }
}
