import type { ClusterSnapshot, PodSummary, WorkloadSummary } from '../kubernetes/snapshot-reader.ts';

/** What was chosen in a modal, as far as it still exists. */
export interface Chosen {
  namespace: string | undefined;
  workload: WorkloadSummary | undefined;
  pod: PodSummary | undefined;
}

/** By what selects carry: a namespace's name, the UID of a workload and of a pod. */
export function findChosen(
  snapshot: ClusterSnapshot | undefined,
  keys: { namespace?: unknown; workload?: unknown; pod?: unknown },
): Chosen {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  const workload = snapshot?.workloads.get(text(keys.workload) ?? '');
  const pod = snapshot?.pods.get(text(keys.pod) ?? '');
  return { namespace: text(keys.namespace), workload, pod };
}

/** The workload that a pod belongs to, through the ReplicaSet of a Deployment where there is one. */
export function workloadOfPod(snapshot: ClusterSnapshot, pod: PodSummary): WorkloadSummary | undefined {
  if (!pod.owner) return undefined;
  const direct = snapshot.workloads.get(pod.owner.uid);
  if (direct || pod.owner.kind !== 'ReplicaSet') return direct;
  const deployment = pod.owner.name.replace(/-[a-z0-9]+$/, '');
  for (const one of snapshot.workloads.values()) {
    if (one.kind === 'Deployment' && one.namespace === pod.namespace && one.name === deployment) return one;
  }
  return undefined;
}

/** Of a workload's pods the one that most needs a look: the newest that is not ready, else the newest. */
export function worstPodOf(snapshot: ClusterSnapshot, workload: WorkloadSummary): PodSummary | undefined {
  let worst: PodSummary | undefined;
  for (const pod of snapshot.pods.values()) {
    if (pod.namespace !== workload.namespace || !pod.name.startsWith(workload.name)) continue;
    if (workloadOfPod(snapshot, pod)?.uid !== workload.uid) continue;
    if (!worst || isWorse(pod, worst)) worst = pod;
  }
  return worst;
}

function isWorse(pod: PodSummary, than: PodSummary): boolean {
  return pod.isReady === than.isReady ? pod.createdAt > than.createdAt : !pod.isReady;
}
