import type { LocalCluster } from '../../support/cluster/local-cluster-contract.ts';
import type { KubeObject } from '../../support/cluster/types.ts';
import type { WorkloadRef } from '../page/wire.ts';
import { nextVersion } from './next-version.ts';
import type { Trouble } from './scene.ts';

export interface Troubles {
  /** Does it to the workload, and says what happens now. Throws a sentence where it cannot. */
  cause(what: Trouble, workload: WorkloadRef): string;
  /** What lasts until it recovers. */
  of(workload: WorkloadRef): 'crash' | 'break' | undefined;
}

/** Causes trouble in the local cluster, and knows what it has caused. */
export function createTroubles(cluster: LocalCluster): Troubles {
  const lasting = new Map<string, 'crash' | 'break'>();

  const causes: Record<Trouble, (workload: WorkloadRef, object: KubeObject) => string> = {
    crash(workload) {
      cluster.crash(workload);
      lasting.set(keyOf(workload), 'crash');
      return 'now crashes again and again.';
    },
    oom(workload) {
      cluster.oom(workload);
      return 'is killed for want of memory.';
    },
    break(workload, object) {
      // What has appeared since the first time would be spared by a second one.
      if (lasting.get(keyOf(workload)) === 'break') throw new Error(`${nameOf(workload)} has a broken image already.`);
      const { updated, image } = withNextImage(object);
      cluster.breakImage(workload);
      cluster.apply(updated);
      lasting.set(keyOf(workload), 'break');
      return `is being updated to ${image}, an image that cannot be pulled.`;
    },
    recover(workload) {
      if (!lasting.delete(keyOf(workload))) throw new Error(`${nameOf(workload)} has nothing to recover from.`);
      cluster.recover(workload);
      return 'recovers.';
    },
  };

  return {
    cause(what, workload) {
      const object = cluster.get(workload);
      if (object === undefined) throw new Error(`There is no ${nameOf(workload)}.`);
      return `${nameOf(workload)} ${causes[what](workload, object)}`;
    },
    of: (workload) => lasting.get(keyOf(workload)),
  };
}

/** As if somebody had deployed the next version of its first container. */
function withNextImage(object: KubeObject): { updated: KubeObject; image: string } {
  const { template } = object.spec;
  const [first, ...others] = template.spec.containers;
  const image = nextVersion(first.image);
  const containers = [{ ...first, image }, ...others];
  const updated = {
    ...object,
    spec: { ...object.spec, template: { ...template, spec: { ...template.spec, containers } } },
  };
  return { updated, image };
}

const keyOf = ({ kind, namespace, name }: WorkloadRef) => `${kind}/${namespace}/${name}`;
const nameOf = ({ kind, namespace, name }: WorkloadRef) => `${kind} ${name} in ${namespace}`;
