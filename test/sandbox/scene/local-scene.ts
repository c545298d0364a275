import { LIVELY_PACE, type Pace, TEST_PACE } from '../../support/cluster/kubelet/next-step.ts';
import { createLocalCluster } from '../../support/cluster/local-cluster.ts';
import type { LocalCluster } from '../../support/cluster/local-cluster-contract.ts';
import { seedDemo } from '../../support/cluster/seed-demo.ts';
import type { KubeObject } from '../../support/cluster/types.ts';
import type { WorkloadRef } from '../page/wire.ts';
import { createLocalPanel } from './local-panel.ts';
import type { Scene } from './scene.ts';

const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'];
const CRASHING = 'recommendations';
const ABOUT = `a local cluster with the workloads of a small team; ${CRASHING} in prod crashes all the time`;
/** An incident is over only by what the cluster tells, and this one is quiet. */
const SIGN_OF_LIFE_MS = 1_000;
const WORKLOAD = { namespace: 'default', name: 'nginx', replicas: 3 };

/** A local cluster with the workloads of a small team; `haste` makes everything so many times as fast. */
export async function createLocalScene({ haste = 1 }: { haste?: number } = {}): Promise<Scene> {
  const pace: Pace = { ...TEST_PACE };
  const cluster = await createLocalCluster({ pace, bookmarkEvery: SIGN_OF_LIFE_MS });
  try {
    seedDemo(cluster);
    await settled(cluster);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  // From now on somebody looks on.
  for (const [step, ms] of Object.entries(LIVELY_PACE)) pace[step as keyof Pace] = ms / haste;

  const panel = createLocalPanel({ cluster, about: ABOUT });
  // It has been crashing from the beginning; now the panel knows.
  panel.trouble('crash', { kind: 'Deployment', namespace: 'prod', name: CRASHING });

  const find = (name: string): WorkloadRef => {
    const all = KINDS.flatMap((kind) => cluster.list(kind));
    const found = all.filter((object) => [object.metadata.name, pathOf(object)].includes(name));
    const [only] = found;
    if (found.length === 1 && only) return refOf(only);
    if (found.length === 0) throw new Error(`There is no workload ${name}. There are: ${all.map(pathOf).join(', ')}.`);
    throw new Error(`Say which one: ${found.map(pathOf).join(' or ')}.`);
  };
  return {
    about: ABOUT,
    namespaces: ['*'],
    env: { KUBECONFIG: cluster.kubeconfig(), OPSBOT_CLUSTER: 'sandbox' },
    workload: WORKLOAD,
    async stand() {
      const found = cluster.get({ kind: 'Deployment', ...WORKLOAD });
      return { wanted: found?.spec.replicas ?? 0, ready: found?.status?.readyReplicas ?? 0 };
    },
    trouble: (what, name) => panel.trouble(what, find(name)),
    panel,
    patience: 20_000,
    async end() {
      await panel.end();
      await cluster.stop();
    },
  };
}

/** Resolves once every pod is ready but those that crash. */
function settled(cluster: LocalCluster): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!KINDS.flatMap((kind) => cluster.list(kind)).every(isWell)) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = cluster.store.subscribe(look);
    look();
  });
}

function isWell({ metadata, spec, status = {} }: KubeObject): boolean {
  if (metadata.name === CRASHING) return true;
  const wanted = spec.replicas ?? status.desiredNumberScheduled;
  return wanted !== undefined && wanted === (status.readyReplicas ?? status.numberReady);
}

const pathOf = ({ metadata }: KubeObject) => `${metadata.namespace}/${metadata.name}`;
const refOf = ({ kind, metadata: { namespace = '', name } }: KubeObject): WorkloadRef => ({ kind, namespace, name });
