import { setTimeout as delay } from 'node:timers/promises';
import { crashLoopStatus, terminatedStatus } from './kubelet/pod-status.ts';
import type { LocalCluster } from './local-cluster-contract.ts';
import type { KubeObject, Ref } from './types.ts';

const refOf = ({ kind, metadata: { namespace, name } }: KubeObject): Ref => ({ kind, namespace, name });

function crashed({ store }: LocalCluster, { metadata: { namespace, name } }: KubeObject): void {
  const write = (next: (pod: KubeObject) => unknown) => {
    const pod = store.get('pods', namespace, name);
    if (pod) store.put('pods', { ...pod, status: next(pod) });
  };
  const now = Date.now();
  const end = { exitCode: 1, reason: 'Error' };
  write((pod) => terminatedStatus(pod, now, { ...end, container: pod.spec.containers[0].name }));
  write((pod) => crashLoopStatus(pod, now, pod.spec.containers[0].name));
}

/**
 * Lets every pod of these Deployments (default: of all) crash and wait in CrashLoopBackOff, within so many ms (default:
 * at once), by writing their statuses straight into the store. They stay so until the result is called, which starts
 * them again.
 */
export async function storm(
  cluster: LocalCluster,
  { within = 0, of: refs = cluster.list('Deployment').map(refOf) }: { within?: number; of?: readonly Ref[] } = {},
): Promise<() => void> {
  for (const ref of refs) {
    cluster.freeze(ref);
    for (const pod of cluster.podsOf(ref)) crashed(cluster, pod);
    await delay(within / refs.length);
  }
  return () => {
    for (const ref of refs) cluster.recover(ref);
  };
}
