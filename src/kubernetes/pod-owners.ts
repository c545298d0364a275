import type { OwnerRef } from './cluster.ts';
import type { ReplicaSetOwner } from './replica-sets.ts';
import type { PodSummary } from './snapshot-reader.ts';
import type { Table } from './table.ts';

export interface PodOwners {
  /** The Deployment where the owner is one's ReplicaSet, else the owner itself. */
  topOwner(owner: OwnerRef): OwnerRef;
  changeReplicaSet(before: ReplicaSetOwner | undefined, after: ReplicaSetOwner | undefined): void;
  /** Stores the pod; one whose ReplicaSet is not known yet is set right once it is. */
  changePod(before: PodSummary | undefined, after: PodSummary | undefined): void;
}

/** Pods and ReplicaSets come by different watches, so either may be first. */
export function createPodOwners(pods: Table<PodSummary>): PodOwners {
  const deployments = new Map<string, OwnerRef>();
  /** UIDs of pods by the UID of a ReplicaSet that has not been seen (as a Deployment's). */
  const waiting = new Map<string, Set<string>>();

  const stopWaiting = ({ uid, owner }: PodSummary) => {
    if (!owner) return;
    const others = waiting.get(owner.uid);
    if (others?.delete(uid) && others.size === 0) waiting.delete(owner.uid);
  };

  return {
    topOwner: (owner) => deployments.get(owner.uid) ?? owner,

    changeReplicaSet(before, after) {
      if (before) deployments.delete(before.uid);
      if (!after) return;
      deployments.set(after.uid, after.deployment);
      for (const uid of waiting.get(after.uid) ?? []) {
        const pod = pods.get(uid);
        if (pod) pods.change(pod, { ...pod, owner: after.deployment });
      }
      waiting.delete(after.uid);
    },

    changePod(before, after) {
      if (before) stopWaiting(before);
      // A pod outlives its ReplicaSet's last mention while it terminates; its owner stays who it was.
      const known = after && pods.get(after.uid)?.owner;
      const kept = after && known?.kind === 'Deployment' ? { ...after, owner: known } : after;
      pods.change(before, kept);
      if (!after || kept?.owner?.kind !== 'ReplicaSet') return;
      const others = waiting.get(kept.owner.uid);
      if (others) others.add(after.uid);
      else waiting.set(kept.owner.uid, new Set([after.uid]));
    },
  };
}
