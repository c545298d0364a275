import type { KubeObject, Ref } from '../types.ts';

/** How the containers of a workload behave. Pods whose uid is spared have got past that point already. */
export type Behaviour =
  | { kind: 'healthy' }
  /** `once`: only in its first run. */
  | { kind: 'crash'; container: string | undefined; exitCode: number; reason: string; once: boolean }
  | { kind: 'no image'; spared: ReadonlySet<string> }
  | { kind: 'bad config'; message: string; spared: ReadonlySet<string> }
  | { kind: 'never ready'; spared: ReadonlySet<string> }
  | { kind: 'unschedulable'; message: string }
  /** Its pods stay as they are. */
  | { kind: 'frozen' };

const HEALTHY: Behaviour = { kind: 'healthy' };

const key = ({ kind, namespace, name }: Ref) => `${kind}/${namespace ?? ''}/${name}`;

/** A Deployment's pod belongs to its ReplicaSet, which is named after the Deployment and the template's hash. */
function deploymentOf(replicaSet: string, hash: string | undefined): string | undefined {
  return hash !== undefined && replicaSet.endsWith(`-${hash}`) ? replicaSet.slice(0, -hash.length - 1) : undefined;
}

/** The pod, its controller, and that one's Deployment: whoever people may mean when they name it. */
function ownersOf({ metadata }: KubeObject): Ref[] {
  const { namespace, name } = metadata;
  const refs: Ref[] = [{ kind: 'Pod', namespace, name }];
  const owner = metadata.ownerReferences?.find((reference) => reference.controller);
  if (owner === undefined) return refs;
  refs.push({ kind: owner.kind, namespace, name: owner.name });
  const deployment =
    owner.kind === 'ReplicaSet' ? deploymentOf(owner.name, metadata.labels?.['pod-template-hash']) : undefined;
  if (deployment !== undefined) refs.push({ kind: 'Deployment', namespace, name: deployment });
  return refs;
}

export const belongsTo = (pod: KubeObject, ref: Ref): boolean => ownersOf(pod).some((owner) => key(owner) === key(ref));

export function createBehaviours() {
  const byRef = new Map<string, Behaviour>();
  return {
    set: (ref: Ref, behaviour: Behaviour) => void byRef.set(key(ref), behaviour),
    clear: (ref: Ref) => void byRef.delete(key(ref)),
    of: (pod: KubeObject): Behaviour =>
      ownersOf(pod)
        .map((ref) => byRef.get(key(ref)))
        .find((behaviour) => behaviour !== undefined) ?? HEALTHY,
  };
}
