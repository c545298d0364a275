import { createClusterClient } from '../../../src/kubernetes/client.ts';
import { createSnapshot } from '../../../src/kubernetes/snapshot.ts';
import type { ClusterSnapshot } from '../../../src/kubernetes/snapshot-reader.ts';
import { createListeners } from '../listeners.ts';
import type { Panel } from './panel.ts';
import { pictureOf } from './picture.ts';

export interface GivenPanel extends Panel {
  end(): Promise<void>;
}

export interface GivenPanelOptions {
  kubeconfig: string;
  /** In words: which cluster this is. */
  about: string;
  /** Names and patterns, as in opsbot's configuration file. */
  namespaces: readonly string[];
}

/** A cluster that is not the sandbox's, read by opsbot's own watches: nothing is written there. */
export async function createGivenPanel({ kubeconfig, about, namespaces }: GivenPanelOptions): Promise<GivenPanel> {
  const listeners = createListeners();
  const client = createClusterClient({ kubeconfig });
  const snapshot = createSnapshot({ rest: client.rest, cluster: 'given', namespaces });
  let seen = await snapshot.reader.read();
  const lookAgain = async () => {
    seen = await snapshot.reader.read();
    listeners.tell();
  };
  const unsubscribe = snapshot.reader.onChange(() => void lookAgain());
  snapshot.start(new AbortController().signal);

  return {
    look() {
      const { workloads, pods, nodes } = seen;
      const all = { workloads: workloads.values(), pods: pods.values(), nodes: nodes && [...nodes.values()] };
      return { about, readOnly: true, problem: problemOf(seen), ...pictureOf(all, () => undefined) };
    },
    onChange: listeners.add,
    apiServerBackAt: () => undefined,
    async end() {
      unsubscribe();
      await snapshot.close();
      await client.close();
    },
  };
}

function problemOf({ problem, complete }: ClusterSnapshot): string | undefined {
  return problem ?? (complete ? undefined : 'The cluster is being read.');
}
