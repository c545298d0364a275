import type { LocalCluster } from '../../support/cluster/local-cluster-contract.ts';
import { createListeners } from '../listeners.ts';
import type { WorkloadRef } from '../page/wire.ts';
import { createOutage } from './outage.ts';
import type { Panel, PanelDeed } from './panel.ts';
import { pictureOf } from './picture.ts';
import type { Trouble } from './scene.ts';
import { seenLocally } from './seen-locally.ts';
import { createTroubles } from './troubles.ts';

export interface LocalPanel extends Panel {
  act(deed: PanelDeed): string | Promise<string>;
  /** As the deeds of that name do it. */
  trouble(what: Trouble, workload: WorkloadRef): string;
  end(): Promise<void>;
}

export interface LocalPanelOptions {
  cluster: LocalCluster;
  /** In words: which cluster this is. */
  about: string;
  /** ms for which the API server is stopped; default 30,000. */
  outageMs?: number;
}

const OUTAGE_MS = 30_000;

/** The local cluster, and everything that can be done to it. */
export function createLocalPanel({ cluster, about, outageMs = OUTAGE_MS }: LocalPanelOptions): LocalPanel {
  const listeners = createListeners();
  const troubles = createTroubles(cluster);
  const outage = createOutage({ cluster, lasts: outageMs, onChange: listeners.tell });
  const unsubscribe = cluster.store.subscribe(listeners.tell);

  function trouble(what: Trouble, workload: WorkloadRef): string {
    const said = troubles.cause(what, workload);
    listeners.tell();
    return said;
  }

  /** As the panel shows it. */
  function mustBe(name: string, ready: boolean): void {
    const node = seenLocally(cluster).nodes?.find((one) => one.name === name);
    if (node === undefined) throw new Error(`There is no node ${name}.`);
    if (node.ready !== ready) throw new Error(`Node ${name} is ${ready ? 'away already' : 'there'}.`);
  }

  async function act(deed: PanelDeed): Promise<string> {
    switch (deed.do) {
      case 'crash':
      case 'oom':
      case 'break':
      case 'recover':
        return trouble(deed.do, deed.workload);
      case 'take node away':
        mustBe(deed.node, true);
        await cluster.failNode(deed.node);
        return `Nothing is heard of node ${deed.node} any more.`;
      case 'bring node back':
        mustBe(deed.node, false);
        await cluster.recoverNode(deed.node);
        return `Node ${deed.node} is back.`;
      case 'stop API server':
        return await outage.begin();
    }
  }

  return {
    look: () => ({
      ...{ about, readOnly: false, problem: outage.problem() },
      ...pictureOf(seenLocally(cluster), troubles.of),
    }),
    onChange: listeners.add,
    act,
    apiServerBackAt: outage.backAt,
    trouble,
    async end() {
      unsubscribe();
      await outage.end();
    },
  };
}
